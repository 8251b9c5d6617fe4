using ExoConnect.Core.Errors;
using ExoConnect.Core.RestEntities;

namespace ExoConnect.Core.Tests.RestEntities;

public sealed class OpathFilterTests
{
    [Theory]
    [InlineData("Alias -eq 'anna'", "Alias eq 'anna'")]
    [InlineData("Alias -ne 'anna'", "Alias ne 'anna'")]
    [InlineData("RecipientLimits -gt 100", "RecipientLimits gt 100")]
    [InlineData("RecipientLimits -ge -2147483645", "RecipientLimits ge -2147483645")]
    [InlineData("RecipientLimits -lt 88218628259840", "RecipientLimits lt 88218628259840")]
    [InlineData("RecipientLimits -le 1.5", "RecipientLimits le 1.5")]
    [InlineData("RecipientLimits -eq \"500\"", "RecipientLimits eq '500'")]
    [InlineData("Alias -like 'a*'", "startswith(Alias, 'a')")]
    [InlineData("Alias -like '*a'", "endswith(Alias, 'a')")]
    [InlineData("Alias -like '*a*'", "contains(Alias, 'a')")]
    [InlineData("Alias -like '**a'", "endswith(Alias, 'a')")]
    [InlineData("Alias -like 'a'", "Alias eq 'a'")]
    [InlineData("Alias -like ''", "Alias eq ''")]
    [InlineData("Alias -like '*'", "Alias ne null")]
    [InlineData("Alias -like 'a?[b]*'", "startswith(Alias, 'a?[b]')")]
    [InlineData("Alias -notlike 'a*'", "not (startswith(Alias, 'a'))")]
    [InlineData("Alias -notlike 'a'", "Alias ne 'a'")]
    [InlineData("Alias -notlike '*'", "Alias eq null")]
    [InlineData("HiddenFromAddressListsEnabled -eq $true", "HiddenFromAddressListsEnabled eq true")]
    [InlineData("HiddenFromAddressListsEnabled -ne $False", "HiddenFromAddressListsEnabled ne false")]
    [InlineData("HiddenFromAddressListsEnabled -eq True", "HiddenFromAddressListsEnabled eq true")]
    [InlineData("ForwardingAddress -ne $NULL", "ForwardingAddress ne null")]
    [InlineData("WhenCreated -gt '8/13/2017'", "WhenCreated gt '8/13/2017'")]
    [InlineData("DisplayName -eq 'O''Brien, Laurie L'", "DisplayName eq 'O''Brien, Laurie L'")]
    [InlineData("DisplayName -eq \"O'Brien\"", "DisplayName eq 'O''Brien'")]
    [InlineData("DisplayName -eq \"say \"\"hi\"\"\"", "DisplayName eq 'say \"hi\"'")]
    [InlineData("DisplayName -eq 'O’Brien'", "DisplayName eq 'O’Brien'")]
    [InlineData("DisplayName -eq 'Müller 😀'", "DisplayName eq 'Müller 😀'")]
    [InlineData("ALIAS -EQ 'a' -AND Alias -NE 'b'", "ALIAS eq 'a' and Alias ne 'b'")]
    [InlineData("Alias–eq'a'—and(Alias―ne'b')", "Alias eq 'a' and Alias ne 'b'")]
    [InlineData(" \u00A0Alias\t-eq\r\n'a'\u200E ", "Alias eq 'a'")]
    [InlineData("((Alias -eq 'a'))", "Alias eq 'a'")]
    [InlineData("!(Alias -eq 'a')", "not (Alias eq 'a')")]
    [InlineData("-not Alias -eq 'a' -and Name -eq 'b'", "not (Alias eq 'a') and Name eq 'b'")]
    [InlineData("-not(-not !(Alias -eq 'a'))", "not (not (not (Alias eq 'a')))")]
    [InlineData("A -eq 1 -and B -eq 2 -or C -eq 3", "A eq 1 and B eq 2 or C eq 3")]
    [InlineData("A -eq 1 -or B -eq 2 -and C -eq 3", "(A eq 1 or B eq 2) and C eq 3")]
    [InlineData("A -eq 1 -or (B -eq 2 -and C -eq 3)", "A eq 1 or B eq 2 and C eq 3")]
    [InlineData("A -eq 1 -and (B -eq 2 -or C -eq 3)", "A eq 1 and (B eq 2 or C eq 3)")]
    [InlineData("(A -eq 1 -or B -eq 2) -and (C -eq 3 -or D -eq 4)", "(A eq 1 or B eq 2) and (C eq 3 or D eq 4)")]
    [InlineData("-not (A -eq 1 -or B -eq 2)", "not (A eq 1 or B eq 2)")]
    public void Filter_becomes_OData(string opath, string odata) => Assert.Equal(odata, OpathFilter.Parse(opath).ToOData());

    [Theory]
    [InlineData("Alias  -eq  \"a'b\"", "Alias -eq 'a''b'")]
    [InlineData("!(A -eq 1 -or B -eq $TRUE)", "-not (A -eq 1 -or B -eq $true)")]
    [InlineData("A -eq 1 -or (B -eq 2 -and C -like 'x*')", "A -eq 1 -or (B -eq 2 -and C -like 'x*')")]
    [InlineData("(A -eq 1 -or B -eq 2) -and C -notlike 'x*'", "A -eq 1 -or B -eq 2 -and C -notlike 'x*'")]
    public void Filter_is_printed_in_one_spelling(string opath, string expected)
    {
        var printed = OpathFilter.Parse(opath).ToString();

        Assert.Equal(expected, printed);
        Assert.Equal(OpathFilter.Parse(opath).Root, OpathFilter.Parse(printed).Root);
    }

    // In each row ▲ stands before the character that the mark must be before.
    [Theory]
    [InlineData("▲", "empty", "Alias -like 'a*'")]
    [InlineData("   ▲", "empty", "leave out -Filter")]
    [InlineData("Alias▲", "expected a comparison operator after Alias, but the filter ends", "Alias -eq")]
    [InlineData("Alias ▲'a'", "expected a comparison operator after Alias, but found 'a'", "Alias -eq")]
    [InlineData("Alias ▲-and Name -eq 'b'", "expected a comparison operator after Alias, but found -and", "$true")]
    [InlineData("Alias -eq▲", "expected a value after -eq, but the filter ends", "`$null")]
    [InlineData("Alias -ne ▲-and Name -eq 'b'", "expected a value after -ne, but found -and", "`$null")]
    [InlineData("(Alias -ne ▲) -and Name -eq 'b'", "expected a value after -ne, but found )", "single quotation marks around")]
    [InlineData("Alias -eq ▲anna", "expected a value, but found anna", "'anna'")]
    [InlineData("WhenCreated -gt ▲2024-01-01", "expected a value, but found 2024-01-01", "'2024-01-01'")]
    [InlineData("MaxSendSize -gt ▲10MB", "expected a value, but found 10MB", "'10MB'")]
    [InlineData("Guid -eq ▲2be9b0b4-5a2d", "expected a value, but found 2be9b0b4-5a2d", "'2be9b0b4-5a2d'")]
    [InlineData("A -eq ▲1.", "expected a value", "'1.'")]
    [InlineData("Alias -eq ▲anna@contoso.com", "expected a value, but found anna", "'anna@contoso.com'")]
    [InlineData("Alias -eq ▲$user", "expected a value, but found $user", "double quotation marks")]
    [InlineData("Alias -eq 'a' ▲Name -eq 'b'", "expected -and, -or or the end, but found Name", "Join conditions")]
    [InlineData("Alias -eq 'a' ▲-not(Name -eq 'b')", "expected -and, -or or the end, but found -not", "Join conditions")]
    [InlineData("Alias -eq 'a' ▲-eq 'b'", "expected -and, -or or the end, but found -eq", "one property with one value")]
    [InlineData("Alias -eq 'a' -or ▲'b'", "expected a property name, -not or (, but found 'b'", "Each condition names its property")]
    [InlineData("Alias -eq 'a' -or▲", "expected a property name, -not or (, but the filter ends", "a property, an operator and a value")]
    [InlineData("▲-eq 'a'", "expected a property name, -not or (, but found -eq", "a property, an operator and a value")]
    [InlineData("▲$_.Alias -eq 'a'", "expected a property name, -not or (, but found $_.Alias", "Write Alias")]
    [InlineData("DisplayName -eq 'O'▲Brien'", "but found Brien", "'O''Brien'")]
    [InlineData("DisplayName -eq ▲'anna", "no closing '", "Close it")]
    [InlineData("DisplayName -eq ▲\"anna'", "no closing \"", "Close it")]
    [InlineData("(Alias -eq 'a'▲", "expected -and, -or or the ) that belongs to the ( at character 1, but the filter ends", "Add the missing )")]
    [InlineData("(Alias -eq 'a' ▲Name", "that belongs to the ( at character 1, but found Name", "Join conditions")]
    [InlineData("Alias -eq 'a'▲)", "this ) has no (", "add the missing (")]
    [InlineData("(▲)", "expected a property name", "a property, an operator and a value")]
    [InlineData("Alias ▲-contains 'a'", "-contains isn't an operator", "-like '*text*'")]
    [InlineData("Alias ▲-match 'a'", "-match isn't an operator", "no regular expressions")]
    [InlineData("Alias ▲-ieq 'a'", "-ieq isn't an operator", "Write -eq")]
    [InlineData("Alias ▲-lik 'a'", "-lik isn't an operator", "Did you mean -like?")]
    [InlineData("Alias ▲-banana 'a'", "-banana isn't an operator", "-eq, -ne, -gt")]
    [InlineData("Alias ▲- eq 'a'", "a dash must be followed", "without a blank")]
    [InlineData("Alias ▲= 'a'", "= isn't an operator", "-eq")]
    [InlineData("Alias ▲> 'a'", "> isn't an operator", "-gt")]
    [InlineData("Alias -eq 'a' ▲& Name -eq 'b'", "& isn't an operator", "-and")]
    [InlineData("▲{Alias -eq 'a'}", "no braces", "Leave them out")]
    [InlineData("Alias -eq ▲‘a’", "typographic quotation mark", "straight")]
    [InlineData("Alias -eq ▲#", "# has no meaning", "single quotation marks")]
    [InlineData("▲Größe -eq 1", "Größe isn't a property name", "letters A to Z")]
    [InlineData("Alias -like 'a▲*b'", "not inside", "-like 'a*' -and … -like '*b'")]
    [InlineData("Alias -like '*a''b▲**c*'", "not inside", "-like '*a''b*' -and … -like '*c*'")]
    [InlineData("Alias -notlike 'a▲*b*c'", "not inside", "-notlike 'a*' -or … -notlike '*c'")]
    [InlineData("Alias -like ▲5", "-like compares text", "-eq or -ne")]
    [InlineData("Alias -notlike ▲$null", "-notlike compares text", "-eq or -ne")]
    [InlineData("Alias -gt ▲$null", "-gt has no meaning with $null", "-eq or -ne")]
    public void Mistake_is_shown_at_its_place(string marked, string problem, string remedy)
    {
        var position = marked.IndexOf('▲', StringComparison.Ordinal);
        var filter = marked.Remove(position, 1);

        var error = Assert.Throws<ExoException>(() => OpathFilter.Parse(filter));

        // PowerShell joins the lines of a message where an error is a script's.
        Assert.DoesNotContain('\n', error.Message);
        Assert.StartsWith($"The filter can't be read at character {position + 1}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(". Near: " + marked.Replace("▲", "-->", StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
        Assert.Equal(
            ("InvalidFilter", ExoErrorCategory.InvalidArgument, "Filter", filter),
            (error.ErrorId, error.Category, error.ParameterName, error.Target));
    }

    [Fact]
    public void Excerpt_of_a_long_filter_shows_what_is_around_the_place()
    {
        var many = string.Join(" -or ", Enumerable.Repeat("Alias -eq 'anna'", 20));
        var filter = $"{many} -or Alias = 'b' -or {many}";

        var excerpt = Assert.Throws<ExoException>(() => OpathFilter.Parse(filter)).Message.Split("Near: ")[1];

        Assert.InRange(excerpt.Length, 80, 110);
        Assert.StartsWith("…", excerpt, StringComparison.Ordinal);
        Assert.EndsWith("…", excerpt, StringComparison.Ordinal);
        Assert.Contains("Alias -->= 'b'", excerpt, StringComparison.Ordinal);
    }

    [Fact]
    public void Excerpt_has_nothing_that_a_terminal_would_obey()
    {
        var error = Assert.Throws<ExoException>(() => OpathFilter.Parse("Alias -eq 'a\u001b[31m\r\n\u0000\u202e\ud800' %"));

        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.DoesNotContain(error.Message, static c => c is '\u202e' or '\ud800');
        Assert.EndsWith("-->%", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Length_and_depth_are_bounded()
    {
        var longest = "A -eq '" + new string('x', OpathFilter.MaximumLength - 8) + "'";
        Assert.Equal(OpathFilter.MaximumLength, longest.Length);
        Assert.Equal(longest, OpathFilter.Parse(longest).ToString());
        AssertRefused(longest + " ", "no more than 16,384 fit");

        var deepest = new string('(', OpathFilter.MaximumDepth) + "A -eq 1" + new string(')', OpathFilter.MaximumDepth);
        Assert.Equal("A eq 1", OpathFilter.Parse(deepest).ToOData());
        AssertRefused("(" + deepest + ")", "more than 64 deep");
        AssertRefused(new string('!', 16_000), "more than 64 deep");
        AssertRefused(new string('(', 16_000), "more than 64 deep");

        static void AssertRefused(string filter, string problem) =>
            Assert.Contains(problem, Assert.Throws<ExoException>(() => OpathFilter.Parse(filter)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Longest_chain_of_conditions_needs_little_stack()
    {
        var filter = "a-eq''";
        for (var and = false; filter.Length + 10 <= OpathFilter.MaximumLength; and = !and)
        {
            filter += and ? "-and a-eq''" : "-or a-eq''";
        }

        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() =>
        {
            var parsed = OpathFilter.Parse(filter, EntitySchema.Mailbox);
            Assert.Equal(filter.Split("''").Length - 1, parsed.ToOData().Split("a eq ''").Length - 1);
            Assert.StartsWith("a -eq '' -or a -eq '' -and a -eq '' -or", parsed.ToString(), StringComparison.Ordinal);
        }), maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    [Fact]
    public void Names_are_spelled_as_the_service_spells_them() => Assert.Equal(
        "startswith(UserPrincipalName, 'a') and Whatever eq 1",
        OpathFilter.Parse("userprincipalname -like 'a*' -and Whatever -eq 1", EntitySchema.Mailbox).ToOData());

    [Theory]
    [InlineData("DisplyName -eq 'a'", "did you mean DisplayName?")]
    [InlineData("MemberOfGroup -eq 'a'", "Get-Mailbox takes the same filter")]
    [InlineData("Alias -eq 'a*'", "For a wildcard use -like")]
    [InlineData("Alias -eq 'a' -or Alias -eq 'b' -and Name -eq 'c'", "-and after -or without parentheses")]
    [InlineData("-not (Alias -eq 'a' -or Alias -eq 'b' -and Name -eq 'c')", "-and after -or without parentheses")]
    public void Likely_slip_is_noted(string filter, string note) =>
        Assert.Contains(note, Assert.Single(OpathFilter.Parse(filter, EntitySchema.Mailbox).Notes), StringComparison.Ordinal);

    [Theory]
    [InlineData("Alias -eq 'a' -and Alias -eq 'b' -or Name -eq 'c'")]
    [InlineData("(Alias -eq 'a' -or Alias -eq 'b') -and Name -eq 'c'")]
    [InlineData("SomethingNew -eq 'a'")]
    [InlineData("CustomAttribute15 -like 'a*'")]
    public void Sound_filter_is_not_remarked_on(string filter) => Assert.Empty(OpathFilter.Parse(filter, EntitySchema.Mailbox).Notes);
}
