using System.Text;
using System.Text.Json;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Errors;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.Catalog;

public class ModuleFileResponseTests
{
    private const string Module = "\uFEFFfunction script:Get-A\r\n{ param([string] $Näme, $B) }\r\nfunction script:Get-B { param() }\n";

    [Fact]
    public void Reads_the_module_and_the_exported_names_beside_it()
    {
        var catalog = Read(new
        {
            value = new object[]
            {
                new { fileName = "ExchangeOnline.Format.ps1xml", fileContent = "function script:Get-FromFormat { }" },
                new { fileName = "ExchangeOnline.psm1", fileContent = Module, other = new { a = 1 } },
                new { fileName = "x.help.xml", fileContent = "function script:Get-FromHelp { }" },
            },
            exportedCmdlets = "Get-A, Get-FromFormat,",
        });

        Assert.Equal(["Get-A"], catalog.Cmdlets.Select(cmdlet => cmdlet.Name));
        Assert.Equal(1, catalog.UnreadableCount);
        Assert.Equal(["B"], catalog.Cmdlets[0].Parameters.Select(parameter => parameter.Name));
    }

    [Fact]
    public void Reads_exported_names_inside_the_value_and_as_a_list()
    {
        var files = new[] { new { fileContent = Module, fileName = "a.psm1" } };
        var names = new object[] { "Get-B", 1, new List<int> { 2 } };

        Assert.Single(Read(new { value = new[] { new { exportedCmdlets = "Get-B", fileName = "A.PSM1", fileContent = Module } } }).Cmdlets);
        var inner = new { fileName = "b.xml", fileContent = "'" };
        Assert.Single(Read(new { value = new { fileName = "a.psm1", inner, fileContent = Module }, exportedCmdlets = "Get-B" }).Cmdlets);
        Assert.Single(Read(new { exportedCmdlets = names, value = files }).Cmdlets);
        Assert.Equal(2, Read(new { exportedCmdlets = (string?)null, value = files }).Cmdlets.Count);
        Assert.Empty(Read(new { exportedCmdlets = "", value = files }).Cmdlets);
        Assert.Empty(Read(new { exportedCmdlets = Array.Empty<string>(), value = files }).Cmdlets);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"value\":[{\"fileName\":\"a.psm1\",\"fileContent\":null}]}")]
    [InlineData("{\"value\":[{\"fileName\":\"a.psm1\",\"fileContent\":\"function")]
    [InlineData("{\"value\":[{\"fileName\":\"a.psm1\",\"fileContent\":\"\\ud800\"}]}")]
    [InlineData("{\"value\":[{\"fileName\":\"a.xml\",\"fileContent\":\"x\"}]}")]
    [InlineData("{\"fileName\":")]
    public void Says_when_the_response_holds_no_module_file(string json)
    {
        var error = Assert.Throws<ExoException>(() => ModuleFileResponse.Read(Encoding.UTF8.GetBytes(json), ExoService.SecurityCompliance));

        Assert.Equal("ModuleFileUnreadable", error.ErrorId);
        Assert.Equal(ExoErrorCategory.InvalidData, error.Category);
        Assert.Contains("Security & Compliance", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void Any_response_gives_a_catalog_or_that_error()
    {
        var whole = JsonSerializer.SerializeToUtf8Bytes(new
        {
            value = new[] { new { fileName = "a.psm1", fileContent = Module } },
            exportedCmdlets = "Get-A",
        });
        var place = Gen.Choose(0, whole.Length - 1).ToArbitrary();
        Prop.ForAll(place, place, Gen.Choose(0, 255).ToArbitrary(), (length, at, value) =>
        {
            var bytes = whole.ToArray();
            bytes[at] = (byte)value;
            try
            {
                ModuleFileResponse.Read(bytes.AsSpan(0, length), ExoService.ExchangeOnline);
            }
            catch (ExoException e)
            {
                Assert.Equal("ModuleFileUnreadable", e.ErrorId);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static CmdletCatalog Read(object response) =>
        ModuleFileResponse.Read(JsonSerializer.SerializeToUtf8Bytes(response), ExoService.ExchangeOnline);
}
