using System.Text.RegularExpressions;
using ExoConnect.SessionModules;

namespace ExoConnect.Module.Tests;

/// <summary>The sentences about the services' cmdlets that Get-Help shows.</summary>
public partial class SynopsesTests
{
    private static readonly string[] Cmdlets =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "src", "ExoConnect.LocalTenant", "Catalog", "cmdlets.txt"))
            .Where(static l => l.Length > 0 && char.IsAsciiLetterUpper(l[0])).Select(static l => l[..l.IndexOf(' ', StringComparison.Ordinal)]),
    ];

    [Fact]
    public void Each_cmdlet_of_both_services_has_a_sentence_in_plain_words()
    {
        Assert.True(Cmdlets.Length > 1000);
        Assert.DoesNotContain(Cmdlets.Select(Synopses.Of), static s => !Sentence().IsMatch(s) || Odd().IsMatch(s));
    }

    [Theory]
    [InlineData("Get-Mailbox", "Gets mailboxes.")]
    [InlineData("get-mailbox", "Gets mailboxes.")]
    [InlineData("Set-AddressBookPolicy", "Changes an address book policy.")]
    [InlineData("Add-MailboxPermission", "Gives a user a permission on a mailbox, such as full access.")]
    [InlineData("Get-ExoRecipientsStatus", "Gets the Exchange recipients status.")]
    [InlineData("Get-DlpEdmSchema", "Gets DLP EDM schemas.")]
    [InlineData("Get-NewThingOfTomorrow", "Gets new thing of tomorrows.")]
    [InlineData("Apply-UserBox", "Applies a user box.")]
    [InlineData("Push-SMTPGateway", "Pushes an SMTP gateway.")]
    public void A_sentence_is_made_by_hand_or_of_verb_and_noun(string cmdlet, string sentence) => Assert.Equal(sentence, Synopses.Of(cmdlet));

    [Fact]
    public void What_is_made_by_hand_is_for_cmdlets_that_there_are()
    {
        var nouns = Cmdlets.Select(static c => c[(c.IndexOf('-', StringComparison.Ordinal) + 1)..]).ToHashSet(StringComparer.Ordinal);
        var known = nouns.Concat(Cmdlets).ToHashSet(StringComparer.Ordinal);
        var keys = File.ReadLines(Path.Combine(Repository.Root, "src", "ExoConnect", "SessionModules", "Synopses.txt"))
            .Where(static l => l.Length > 0 && l[0] != '#').Select(static l => l[..l.IndexOf(" =", StringComparison.Ordinal)]).ToList();

        Assert.True(keys.Count > 150);
        Assert.DoesNotContain(keys, k => k[0] != '.' && !known.Contains(k));
        Assert.DoesNotContain(keys, k => k[0] == '.' && !nouns.Any(n => n.Contains(k[1..], StringComparison.Ordinal)));
    }

    [GeneratedRegex("^[A-Z][a-z]+ .+[^.]\\.$")]
    private static partial Regex Sentence();

    /// <summary>Two articles, a letter alone, or a plural of a plural.</summary>
    [GeneratedRegex(@"\b(a|an|the) (a|an|the)\b|(?<!')\b[b-z]\b(?!-)|iess|sss|\)s")]
    private static partial Regex Odd();
}
