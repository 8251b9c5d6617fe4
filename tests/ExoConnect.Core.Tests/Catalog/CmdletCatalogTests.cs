using System.Security.Cryptography;
using System.Text;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Tests.Certificates;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.Catalog;

public class CmdletCatalogTests
{
    private const string GetMailbox = """
        function script:Get-Mailbox
        {
            [CmdletBinding(DefaultParameterSetName='Identity')]
            param(
            [Parameter(ParameterSetName='Identity', Position=0, ValueFromPipeline=$true, ValueFromPipelineByPropertyName=$true)]
            [System.Object]
            $Identity,

            [Parameter(ParameterSetName="Anr")]
            [string]
            ${Anr},

            [Parameter(Mandatory, ParameterSetName = 'MailboxPlan')]
            [Alias('Plan', "mp")]
            [System.Object] $MailboxPlan,

            [ValidateSet('UserMailbox', 'Room''s', "a`"b")] [string[]] $RecipientTypeDetails = @('x', 'y'),
            [switch] $Archive,
            [Nullable[int]]
            $ResultSize)
            process { }
        }
        """;

    [Fact]
    public void Reads_what_the_service_writes()
    {
        var catalog = CmdletCatalog.Parse(GetMailbox, ExoService.ExchangeOnline);

        var cmdlet = Assert.Single(catalog.Cmdlets);
        Assert.Equal("Get-Mailbox", cmdlet.Name);
        Assert.Equal("Identity", cmdlet.DefaultParameterSetName);
        Assert.False(cmdlet.SupportsShouldProcess);
        Assert.Equal(CmdletConfirmImpact.Medium, cmdlet.ConfirmImpact);
        Assert.Equal(0, catalog.UnreadableCount);
        Assert.Null(catalog.Key);
        Assert.Equal(["Identity", "Anr", "MailboxPlan", "RecipientTypeDetails", "Archive", "ResultSize"], cmdlet.Parameters.Select(p => p.Name));

        var identity = cmdlet.FindParameter("identity")!;
        Assert.Equal("System.Object", identity.TypeName);
        Assert.Equal((ParameterKind.Object, false), (identity.Kind, identity.IsArray));
        Assert.Equal(new ParameterSetMembership("Identity", false, 0, true, true), Assert.Single(identity.Sets));
        Assert.Equal(new ParameterSetMembership("MailboxPlan", true), Assert.Single(cmdlet.FindParameter("MP")!.Sets));
        Assert.Equal(["Plan", "mp"], cmdlet.FindParameter("MailboxPlan")!.Aliases);
        Assert.Equal(["UserMailbox", "Room's", "a\"b"], cmdlet.FindParameter("RecipientTypeDetails")!.ValidValues);
        Assert.Equal((ParameterKind.String, true), Kind("RecipientTypeDetails"));
        Assert.Equal((ParameterKind.Switch, false), Kind("Archive"));
        Assert.Equal((ParameterKind.Int32, false), Kind("ResultSize"));
        Assert.Equal([ParameterSetMembership.Plain], cmdlet.FindParameter("Archive")!.Sets);
        Assert.Null(cmdlet.FindParameter("Arch"));

        (ParameterKind, bool) Kind(string name) => (cmdlet.FindParameter(name)!.Kind, cmdlet.FindParameter(name)!.IsArray);
    }

    [Fact]
    public void What_is_written_reads_back_equal_in_every_style() =>
        Prop.ForAll(Generators.Cmdlets.ToArbitrary(), Generators.Style.ToArbitrary(), (models, style) =>
        {
            var catalog = CmdletCatalog.Parse(ModuleFileWriter.Write(models, style), ExoService.ExchangeOnline, models.Select(model => model.Name));

            Assert.Equal(0, catalog.UnreadableCount);
            AssertEqual(models, catalog);

            // What is kept in memory and on disk says the same.
            AssertEqual(models, CmdletCatalog.ParseKept(catalog.Text.Span, ExoService.ExchangeOnline));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(12));

    [Fact]
    public void Damage_to_one_function_costs_only_that_one() =>
        Prop.ForAll(
            Generators.Cmdlets.ToArbitrary(),
            Gen.Elements("'", "\"", "{", "@'\n", "<#", "}", "(", "\"$(").ToArbitrary(),
            (models, damage) =>
            {
                var bad = $"function script:Get-Bad\n{{\n[CmdletBinding()] param([string] $A {damage} )\n}}\n";
                var style = new ModuleFileStyle(Helpers: false);
                var text = ModuleFileWriter.Write(models, style) + bad + ModuleFileWriter.Write([Renamed(models)], style);
                var catalog = CmdletCatalog.Parse(text, ExoService.ExchangeOnline, [.. models.Select(model => model.Name), "Get-Bad", "Get-Last"]);

                Assert.True(catalog.Contains("Get-Last"));
                AssertEqual(models, catalog, exact: false);
                Assert.Equal(catalog.Contains("Get-Bad") ? 0 : 1, catalog.UnreadableCount);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(6));

    [Fact]
    public void Any_text_gives_a_catalog_with_safe_names_only() =>
        Prop.ForAll(Generators.Debris.ToArbitrary(), text =>
        {
            var catalog = CmdletCatalog.Parse(text, ExoService.SecurityCompliance);
            foreach (var cmdlet in catalog.Cmdlets)
            {
                Assert.Matches("^[A-Za-z0-9_][A-Za-z0-9_-]*$", cmdlet.Name);
                Assert.Matches("^[ -~]*$", cmdlet.DefaultParameterSetName ?? "");
                Assert.DoesNotMatch("['\"`${}]", cmdlet.DefaultParameterSetName ?? "");
                foreach (var parameter in cmdlet.Parameters)
                {
                    Assert.All([parameter.Name, .. parameter.Aliases], name => Assert.Matches("^[A-Za-z0-9_][A-Za-z0-9_-]*$", name));
                    Assert.NotEmpty(parameter.Sets);
                }

                Assert.Equal(
                    cmdlet.Parameters.Sum(parameter => 1 + parameter.Aliases.Count),
                    cmdlet.Parameters.SelectMany(parameter => parameter.Aliases.Prepend(parameter.Name))
                        .Distinct(StringComparer.OrdinalIgnoreCase).Count());
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(200));

    [Theory]
    [InlineData("Get-Mail$(rm)box")]
    [InlineData("Get-Mail;box")]
    [InlineData("Get-Mäilbox")]
    [InlineData("Get-Mail‐box")]
    [InlineData("-Mailbox")]
    [InlineData("Get-Mail|box")]
    [InlineData("a:b:Get-Mailbox")]
    public void A_name_that_is_no_name_never_becomes_a_cmdlet(string name)
    {
        var text = $"function script:{name} {{ param($A) }}\nfunction script:Get-Good {{ param($A) }}";

        Assert.Equal(["Get-Good"], CmdletCatalog.Parse(text, ExoService.ExchangeOnline).Cmdlets.Select(cmdlet => cmdlet.Name));
        var catalog = CmdletCatalog.Parse(text, ExoService.ExchangeOnline, [name, "Get-Good"]);
        Assert.Equal(["Get-Good"], catalog.Cmdlets.Select(cmdlet => cmdlet.Name));
        Assert.Equal(1, catalog.UnreadableCount);
        Assert.Empty(catalog.UnreadableNames);
    }

    [Theory]
    [InlineData("${a b}")]
    [InlineData("${a;rm}")]
    [InlineData("$script:a")]
    [InlineData("$ä")]
    [InlineData("${-a}")]
    [InlineData("a")]
    [InlineData("[Parameter(ParameterSetName='a''b')] $A")]
    [InlineData("[Parameter(ParameterSetName=$x)] $A")]
    public void A_parameter_that_cannot_be_read_is_left_out_and_counted(string parameter)
    {
        var catalog = CmdletCatalog.Parse($"function script:Get-X {{ param($First, {parameter}, [int] $Last) }}", ExoService.ExchangeOnline);

        var cmdlet = Assert.Single(catalog.Cmdlets);
        Assert.Equal(["First", "Last"], cmdlet.Parameters.Select(p => p.Name));
        Assert.Equal(1, cmdlet.SkippedParameters);
    }

    [Fact]
    public void Only_exported_functions_become_cmdlets_and_missing_ones_are_counted()
    {
        const string Text = "function script:Get-A { }\nfunction script:Get-B { }\nfunction Helper { }";

        var catalog = CmdletCatalog.Parse(Text, ExoService.ExchangeOnline, [" get-b ", "", "Get-C", "helper"]);

        Assert.Equal(["Get-B"], catalog.Cmdlets.Select(cmdlet => cmdlet.Name));
        Assert.Equal(2, catalog.UnreadableCount);
        Assert.Equal(["Get-C"], catalog.UnreadableNames);
        Assert.True(catalog.Contains("GET-B"));
        Assert.False(catalog.Contains("Get-A"));
        Assert.Equal(["Get-B"], CmdletCatalog.ParseKept(catalog.Text.Span, ExoService.ExchangeOnline).Cmdlets.Select(cmdlet => cmdlet.Name));
    }

    [Theory]
    [InlineData("prompt")]
    [InlineData("if")]
    [InlineData("Get-")]
    [InlineData("Get2-Mailbox")]
    [InlineData("1-1")]
    public void A_name_without_verb_and_noun_never_becomes_a_cmdlet(string name)
    {
        var text = $"function script:{name} {{ param($A) }}\nfunction script:Get-Good {{ param($A) }}";

        Assert.Equal(["Get-Good"], CmdletCatalog.Parse(text, ExoService.ExchangeOnline).Cmdlets.Select(cmdlet => cmdlet.Name));
        Assert.Equal(
            ["Get-Good"], CmdletCatalog.ParseKept(Encoding.UTF8.GetBytes(text), ExoService.ExchangeOnline).Cmdlets.Select(cmdlet => cmdlet.Name));
        var catalog = CmdletCatalog.Parse(text, ExoService.ExchangeOnline, [name, "Get-Good"]);
        Assert.Equal(["Get-Good"], catalog.Cmdlets.Select(cmdlet => cmdlet.Name));
        Assert.Equal(1, catalog.UnreadableCount);
    }

    [Fact]
    public void Without_a_list_the_scoped_functions_are_the_cmdlets()
    {
        Assert.Equal(
            ["Get-A"],
            CmdletCatalog.Parse("function Get-ErrorMessage { }\nfunction script:Get-A { }\nfunction script:Helper { }", ExoService.ExchangeOnline)
                .Cmdlets.Select(cmdlet => cmdlet.Name));
        Assert.Equal(
            ["Get-A", "Get-B"],
            CmdletCatalog.Parse("function Get-B { }\nfunction Get-A { }\nfunction Helper { }", ExoService.ExchangeOnline)
                .Cmdlets.Select(cmdlet => cmdlet.Name));
    }

    [Fact]
    public void The_last_of_two_definitions_counts()
    {
        var catalog = CmdletCatalog.Parse("function script:Get-A { param($One) }\nfunction script:get-a { param($Two) }", ExoService.ExchangeOnline);

        Assert.Equal("Two", Assert.Single(Assert.Single(catalog.Cmdlets).Parameters).Name);
    }

    [Fact]
    public void WhatIf_among_the_parameters_means_should_process_and_is_left_to_PowerShell()
    {
        var catalog = CmdletCatalog.Parse(
            "function script:Set-A { [CmdletBinding()] param([switch] ${WhatIf}, [Alias('wi', 'go')] $A, [switch] $Confirm, $Verbose) }\n" +
            "function script:Get-A { param($WhatIfNot, [switch] $Confirm) }",
            ExoService.ExchangeOnline);

        Assert.True(catalog.TryGet("set-a", out var set));
        Assert.True(set.SupportsShouldProcess);
        Assert.Equal(["go"], Assert.Single(set.Parameters).Aliases);
        Assert.True(catalog.TryGet("Get-A", out var get));
        Assert.False(get.SupportsShouldProcess);
        Assert.Equal(["WhatIfNot", "Confirm"], get.Parameters.Select(parameter => parameter.Name));
    }

    [Fact]
    public void Names_win_over_aliases_and_nothing_is_named_twice()
    {
        var catalog = CmdletCatalog.Parse(
            "function script:Get-A { param([Alias('B', 'x', 'ev')] $A, [Alias('X', 'y')] $B, $a) }", ExoService.ExchangeOnline);

        var cmdlet = Assert.Single(catalog.Cmdlets);
        Assert.Equal(["A", "B"], cmdlet.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(["x"], cmdlet.Parameters[0].Aliases);
        Assert.Equal(["y"], cmdlet.Parameters[1].Aliases);
        Assert.Equal(1, cmdlet.SkippedParameters);
    }

    [Theory]
    [InlineData("string", ParameterKind.String, false)]
    [InlineData("System.String[]", ParameterKind.String, true)]
    [InlineData("System.Management.Automation.PSCredential", ParameterKind.Credential, false)]
    [InlineData("securestring", ParameterKind.SecureString, false)]
    [InlineData("System.Nullable[System.DateTime]", ParameterKind.DateTime, false)]
    [InlineData("System.Nullable`1[[System.Int64]]", ParameterKind.Other, false)]
    [InlineData("Collections.Generic.List[guid]", ParameterKind.Guid, true)]
    [InlineData("System.Collections.ArrayList", ParameterKind.Object, true)]
    [InlineData("psobject", ParameterKind.Object, false)]
    [InlineData("byte[]", ParameterKind.Byte, true)]
    [InlineData("System.Globalization.CultureInfo", ParameterKind.CultureInfo, false)]
    [InlineData("Microsoft.Exchange.Data.Unlimited", ParameterKind.Other, false)]
    [InlineData("[]", ParameterKind.Other, true)]
    public void Knows_the_types(string type, ParameterKind kind, bool isArray) =>
        Assert.Equal((kind, isArray), ParameterType.Recognise(type));

    [Fact]
    public void Finds_the_key_in_one_line_or_several()
    {
        var rsa = TestCertificates.Key;
        var xml = rsa.ToXmlString(includePrivateParameters: false);
        var spread = xml.Replace("><", ">\r\n   <", StringComparison.Ordinal).Replace("AQAB", " AQAB\n", StringComparison.Ordinal);
        foreach (var form in (string[])[xml, spread])
        {
            var text = $"$a = '<RSAKeyValue></RSAKeyValue>'\n$k = '<RSAKeyValue><Modulus>AAAA</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>'\n"
                + $"$b = \"{form}\"\n" + GetMailbox;

            var key = CmdletCatalog.Parse(text, ExoService.ExchangeOnline).Key;

            Assert.NotNull(key);
            Assert.Equal(2048, key.KeySize);
            Assert.Equal(245, key.MaximumLength);
            var cipher = key.Encrypt("geheim ü"u8);
            Assert.Equal("geheim ü", Encoding.UTF8.GetString(rsa.Decrypt(cipher, RSAEncryptionPadding.Pkcs1)));
            Assert.Equal(rsa.ExportParameters(false).Modulus, key.ExportParameters().Modulus);
            Assert.Throws<ArgumentException>(() => key.Encrypt(new byte[246]));
        }
    }

    [Fact]
    public void Parameters_are_read_when_asked_for_and_from_many_threads()
    {
        var catalog = CmdletCatalog.Parse(GetMailbox, ExoService.ExchangeOnline);
        var cmdlet = catalog.Cmdlets[0];
        Assert.False(cmdlet.IsRead);

        var lists = new IReadOnlyList<CmdletParameter>[8];
        Parallel.For(0, lists.Length, i => lists[i] = cmdlet.Parameters);

        Assert.True(cmdlet.IsRead);
        Assert.All(lists, list => Assert.Same(lists[0], list));
    }

    [Fact]
    public void Code_is_not_kept()
    {
        var text = "function script:Get-A { param($X) " + new string('x', 100_000) + " }\nfunction Helper { " + new string('y', 100_000) + " }";

        Assert.InRange(CmdletCatalog.Parse(text, ExoService.ExchangeOnline).TextLength, 20, 200);
    }

    private static CmdletModel Renamed(CmdletModel[] models) =>
        models.Length == 0 ? new CmdletModel("Get-Last", null, false, CmdletConfirmImpact.Medium, []) : models[0] with { Name = "Get-Last" };

    private static void AssertEqual(CmdletModel[] models, CmdletCatalog catalog, bool exact = true)
    {
        if (exact)
        {
            Assert.Equal(models.Select(model => model.Name).Order(StringComparer.OrdinalIgnoreCase), catalog.Cmdlets.Select(cmdlet => cmdlet.Name));
        }

        foreach (var model in models)
        {
            Assert.True(catalog.TryGet(model.Name, out var cmdlet));
            Assert.Equal(model.DefaultSet, cmdlet.DefaultParameterSetName);
            Assert.Equal(model.SupportsShouldProcess, cmdlet.SupportsShouldProcess);
            Assert.Equal(model.Impact, cmdlet.ConfirmImpact);
            Assert.Equal(0, cmdlet.SkippedParameters);
            Assert.Equal(model.Parameters.Count, cmdlet.Parameters.Count);
            foreach (var (expected, actual) in model.Parameters.Zip(cmdlet.Parameters))
            {
                Assert.Equal(expected.Name, actual.Name);
                Assert.Equal(expected.Type ?? "System.Object", actual.TypeName);
                Assert.Equal(expected.Sets, actual.Sets);
                Assert.Equal(expected.Aliases, actual.Aliases);
                Assert.Equal(expected.ValidValues, actual.ValidValues);
            }
        }
    }
}
