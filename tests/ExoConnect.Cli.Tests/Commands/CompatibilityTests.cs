namespace ExoConnect.Cli.Tests.Commands;

public sealed class CompatibilityTests : IDisposable
{
    private readonly Sandbox _user = new();

    public void Dispose() => _user.Dispose();

    [Fact]
    public async Task The_module_of_Microsofts_name_comes_and_goes()
    {
        var modules = Path.Combine(_user.Folder, "modules");
        var manifest = Path.Combine(modules, "ExchangeOnlineManagement", "3.10.1", "ExchangeOnlineManagement.psd1");

        (await _user.RunAsync("compatibility", "install", "--to", modules)).Ended(0);
        Assert.Contains("ExoConnect under the name", await File.ReadAllTextAsync(manifest), StringComparison.Ordinal);

        (await _user.RunAsync("compatibility", "uninstall", "--to", modules)).Ended(0);
        Assert.Empty(Directory.GetFileSystemEntries(modules));
    }

    [Fact]
    public async Task Microsofts_own_is_left_alone()
    {
        var modules = Path.Combine(_user.Folder, "modules");
        var theirs = Directory.CreateDirectory(Path.Combine(modules, "ExchangeOnlineManagement", "3.7.0"));
        await File.WriteAllTextAsync(Path.Combine(theirs.FullName, "ExchangeOnlineManagement.psd1"), "@{ ModuleVersion = '3.7.0' }");

        var ran = (await _user.RunAsync("compatibility", "install", "--to", modules)).Ended(1);

        Assert.Contains("3.7.0", ran.Error, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(modules, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_module_that_is_not_there_is_refused_before_anything_is_written()
    {
        var modules = Path.Combine(_user.Folder, "modules");

        (await _user.RunAsync("compatibility", "install", "--to", modules, "--module", _user.Folder)).Ended(2);

        Assert.False(Directory.Exists(modules));
    }
}
