using System.Text;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Environments;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.Catalog;

public class ModuleFileScannerTests
{
    [Theory]
    [InlineData("function script:Get-Mailbox\n{\n}\n")]
    [InlineData("function Get-Mailbox{}")]
    [InlineData("FUNCTION  Script:Get-Mailbox\r\n{ 'it''s }' }")]
    [InlineData("\uFEFFfunction global:Get-Mailbox { \"a $( \"b }\" + '}' ) c\" }")]
    [InlineData("function Get-Mailbox # why\n{ <# } #> # }\n }")]
    [InlineData("function Get-Mailbox { @'\n}\n it's\n'@ }")]
    [InlineData("function Get-Mailbox { @\"\r\n} \" $(@'\n}\n'@) \r\n\"@ }")]
    [InlineData("function Get-Mailbox { ${a'b}; `} ; `' }")]
    [InlineData("function Get-Mailbox { “a ' }” ; ‘b \" }’ }")]
    [InlineData("function Get-Mailbox { issue#3; a/#'b; echo ok#' }")]
    [InlineData("function Get-Mailbox { $a#'\n1#'\n; a#}#' }")]
    [InlineData("function Get-Mailbox { ${a\n'b} ; a<#b ; [c]<#'#> }")]
    [InlineData("function Get-Mailbox { @' \t\r\n}'@\n'@ ; a@'b' }")]
    [InlineData("function Get-Mailbox($A, $B = ')') { }")]
    [InlineData("function Get-Mailbox { function Get-Inner { } }")]
    [InlineData("if ($true) { function Get-Mailbox { } }")]
    [InlineData("function Get-Mailbox { \"unescaped `\" } `\"\" }")]
    [InlineData("function Get-Mailbox { \"\"\"}\"\"\" }")]
    public void Finds_a_function_and_its_end(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);

        Assert.True(ModuleFileScanner.TryScan(bytes, out var functions));

        var function = Assert.Single(functions);
        Assert.Equal("Get-Mailbox", Encoding.UTF8.GetString(bytes, function.NameStart, function.NameLength));
        Assert.Equal((byte)'}', bytes[function.End - 1]);
    }

    [Theory]
    [InlineData("'function Get-Mailbox { }'")]
    [InlineData("@'\nfunction Get-Mailbox { }\n'@")]
    [InlineData("@\"\nfunction Get-Mailbox { }\n\"@")]
    [InlineData("# function Get-Mailbox { }")]
    [InlineData("<#\nfunction Get-Mailbox { }\n#>")]
    [InlineData("$function Get-Mailbox { }")]
    [InlineData("my-function Get-Mailbox { }")]
    [InlineData("functional Get-Mailbox { }")]
    [InlineData("function Get-Mailbox")]
    [InlineData("function { }")]
    [InlineData("'\nfunction Get-Mailbox { }\n'")]
    public void Takes_nothing_that_only_looks_like_a_function(string text)
    {
        Assert.True(ModuleFileScanner.TryScan(Encoding.UTF8.GetBytes(text), out var functions));
        Assert.Empty(functions);
    }

    [Theory]
    [InlineData("function script:Get-Bad { 'never ends }\nfunction script:Get-Good { param($A) }\n")]
    [InlineData("function script:Get-Bad { \n{\nfunction script:Get-Good { param($A) }\n")]
    [InlineData("} } function script:Get-Bad { \nfunction script:Get-Good { param($A) }\n")]
    [InlineData("function script:Get-Bad { @'\nnever ends\nfunction script:Get-Good { param($A) }\n")]
    [InlineData("<# never ends\nfunction script:Get-Good { param($A) }\n")]
    [InlineData("function script:Get-Bad { \"$( never }\n   function script:Get-Good { param($A) }\n")]
    public void Says_when_text_is_damaged_and_finds_the_rest_by_lines(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);

        Assert.False(ModuleFileScanner.TryScan(bytes, out _));
        Assert.Contains(
            ModuleFileScanner.Recover(bytes),
            function => Encoding.UTF8.GetString(bytes, function.NameStart, function.NameLength) == "Get-Good");
    }

    [Fact]
    public void Any_text_is_survived() =>
        Prop.ForAll(Generators.Debris.ToArbitrary(), text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            ModuleFileScanner.TryScan(bytes, out var functions);
            foreach (var function in functions.Concat(ModuleFileScanner.Recover(bytes)))
            {
                Assert.InRange(function.NameStart, 1, bytes.Length);
                Assert.InRange(function.Body, function.NameStart + function.NameLength, bytes.Length);
                Assert.InRange(function.End, function.Body, bytes.Length);
                FunctionHead.TryRead(bytes, function, out _);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(200));

    [Fact]
    public void Any_bytes_are_survived() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            ModuleFileScanner.TryScan(bytes, out _);
            ModuleFileScanner.Recover(bytes);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(300));

    // Quadratic or worse for a reader that starts again at every opening: it would be at it for many minutes.
    [Theory]
    [InlineData("function script:Get-X {\n")]
    [InlineData("function script:Get-X (\n")]
    [InlineData("function script:Get-X { [CmdletBinding(\n")]
    [InlineData("function script:Get-X { param(\n")]
    [InlineData("function <#\n")]
    [InlineData("function Get-X <#\n")]
    [InlineData("\"$(")]
    [InlineData("'")]
    [InlineData("@'\n")]
    [InlineData("<#")]
    [InlineData("${")]
    [InlineData("$(")]
    [InlineData("[a(")]
    [InlineData("<RSAKeyValue><Modulus>")]
    [InlineData("       f")]
    public void Hostile_text_takes_linear_time(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 8_000_000 / part.Length));

        var catalog = CmdletCatalog.Parse(text, ExoService.ExchangeOnline);
        foreach (var cmdlet in catalog.Cmdlets)
        {
            _ = cmdlet.Parameters;
        }

        Assert.All(catalog.Cmdlets, cmdlet => Assert.Equal("Get-X", cmdlet.Name));
    }
}
