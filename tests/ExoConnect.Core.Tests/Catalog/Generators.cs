using ExoConnect.Core.Catalog;
using FsCheck;
using FsCheck.Fluent;

namespace ExoConnect.Core.Tests.Catalog;

internal static class Generators
{
    private static readonly string[] Types =
    [
        "string", "switch", "bool", "int", "long", "datetime", "guid", "uri", "pscredential", "securestring", "cultureinfo", "System.Object",
        "System.Object[]", "string[]", "System.Management.Automation.SwitchParameter", "System.Nullable[System.Int32]", "timespan", "byte[]",
        "System.Collections.Generic.List[System.String]", "Microsoft.Exchange.Data.SmtpAddress",
    ];

    public static Gen<string> Name { get; } =
        from verb in Gen.Elements("Get", "Set", "New", "Remove", "Test", "Enable")
        from noun in Gen.Elements("Mailbox", "CASMailbox", "DlpPolicy", "User_2", "O365", "X", "Fool", "Function")
        from number in Gen.Choose(0, 999)
        select $"{verb}-{noun}{number}";

    public static Gen<string> AnyText { get; } =
        Gen.Elements(
            "it's", "a \"b\"", "", "plain", "é ü 漢字", "a`b", "$x $(y)", "}", "function script:Get-X {", "#", "a,b", "<#", "‘typographic’", "a\nb");

    public static Gen<ParameterSetMembership> Membership(string set) =>
        from mandatory in Gen.Elements(true, false)
        from position in Gen.Elements<int?>(null, 0, 1, 7)
        from flags in Gen.Choose(0, 7)
        select new ParameterSetMembership(set, mandatory, position, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);

    public static Gen<IReadOnlyList<ParameterSetMembership>> Memberships { get; } =
        Gen.OneOf(
            Gen.Constant<IReadOnlyList<ParameterSetMembership>>([ParameterSetMembership.Plain]),
            Membership(ParameterSetMembership.AllSets).Select(one => (IReadOnlyList<ParameterSetMembership>)[one]),
            from a in Membership("Identity")
            from b in Membership("(All))")
            select (IReadOnlyList<ParameterSetMembership>)[a, b]);

    public static Gen<ParameterModel> Parameter(int index) =>
        from type in Gen.Elements(Types).OrNull()
        from sets in Memberships
        from alias in Gen.Elements(0, 0, 1, 2)
        from values in Gen.Frequency((3, Gen.Constant(Array.Empty<string>())), (1, AnyText.ArrayOf()))
        from stem in Gen.Elements("Identity", "Name", "Filter", "f", "param", "Function")
        select new ParameterModel(
            $"{stem}{index}",
            type,
            sets,
            [.. Enumerable.Range(0, alias).Select(i => $"al{index}_{i}")],
            [.. values.Distinct(StringComparer.Ordinal)]);

    public static Gen<CmdletModel> Cmdlet { get; } =
        from name in Name
        from set in Gen.Elements(null, "Identity", "Default (brackets)", "A.b-c_d")
        from should in Gen.Elements(true, false)
        from impact in Gen.Elements(CmdletConfirmImpact.None, CmdletConfirmImpact.Medium, CmdletConfirmImpact.High)
        from count in Gen.Choose(0, 6)
        from parameters in Gen.CollectToArray(Enumerable.Range(0, count).Select(Parameter))
        select new CmdletModel(name, set, should, impact, parameters);

    public static Gen<CmdletModel[]> Cmdlets { get; } =
        Cmdlet.ArrayOf().Select(all => all.DistinctBy(cmdlet => cmdlet.Name, StringComparer.OrdinalIgnoreCase).ToArray());

    public static Gen<ModuleFileStyle> Style { get; } =
        from bits in Gen.Choose(0, 511)
        select new ModuleFileStyle(
            (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0, (bits & 16) != 0, (bits & 32) != 0, (bits & 64) != 0,
            (bits & 128) != 0, (bits & 256) != 0);

    /// <summary>Text made of what matters to the scanner, in any order.</summary>
    public static Gen<string> Debris { get; } =
        Gen.Elements(
            "function script:Get-Mailbox", "function Get-X", "{", "}", "(", ")", "[", "]", "'", "\"", "@'\n", "\n'@", "@\"\n", "\n\"@", "<#",
            "#>", "#", "`", "$(", "${", "$a", "param", "[CmdletBinding(", "[Parameter(Mandatory=$true, ParameterSetName='x')]", "[string]", ",",
            "=", "\n", "\r\n", " ", "“", "”", "’", "\uFEFF", "\0", "é", "<RSAKeyValue><Modulus>", "</Modulus><Exponent>AQAB</Exponent>", "f",
            "F", "-", "[Alias('a')]", "filter", "Function Set-Y{param($WhatIf)}",
            "function script:Get-Good\n{\n[CmdletBinding()]\nparam([string] $Identity)\n}\n")
        .ArrayOf().Select(parts => string.Concat(parts));
}
