using System.Globalization;
using System.Text;

namespace ExoConnect.LocalTenant.Catalog;

/// <summary>Reads and writes the catalog's text format, which <c>Catalog/README.md</c> describes: one line for each cmdlet.</summary>
internal static class CatalogText
{
    private const string AllSetsMark = "*";

    /// <summary>Reads a catalog.</summary>
    /// <param name="text">Lines; empty ones and those that begin with <c>#</c> are skipped.</param>
    /// <returns>The cmdlets in the order of the lines.</returns>
    /// <exception cref="FormatException">A line has another format; the message names the line and the problem.</exception>
    public static IReadOnlyList<CmdletDefinition> Parse(string text)
    {
        var cmdlets = new List<CmdletDefinition>();
        var strings = new Dictionary<string, string>(StringComparer.Ordinal);
        var sets = new Dictionary<string, ParameterSetMember[]>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            try
            {
                cmdlets.Add(ParseLine(line.ToString(), strings, sets));
            }
            catch (FormatException failure)
            {
                throw new FormatException($"Line {number} of the cmdlet catalog: {failure.Message}", failure);
            }
        }

        return cmdlets;
    }

    /// <summary>Writes a catalog so that <see cref="Parse"/> reads the same again.</summary>
    public static string Format(IEnumerable<CmdletDefinition> cmdlets)
    {
        var text = new StringBuilder();
        foreach (var cmdlet in cmdlets)
        {
            text.Append(cmdlet.Name).Append(' ').Append(Letters(cmdlet.Services)).Append(' ');
            text.Append(Escape(cmdlet.DefaultParameterSet ?? "-")).Append(cmdlet.IsOfHighImpact ? " !high" : "")
                .Append(cmdlet.IsBatched ? "" : " !single");
            if (cmdlet.RoutedBy is not null)
            {
                text.Append(cmdlet.IsRoutedByFolder ? " !folder=" : " !mailbox=").Append(cmdlet.RoutedBy);
            }

            foreach (var parameter in cmdlet.Parameters)
            {
                text.Append(' ');
                Append(text, cmdlet, parameter);
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, CmdletDefinition cmdlet, ParameterDefinition parameter)
    {
        text.Append(parameter.Name).Append(':').Append(Escape(parameter.Type)).Append(parameter.IsUntyped ? "?" : "");
        foreach (var alias in parameter.Aliases)
        {
            text.Append('|').Append(alias);
        }

        if (parameter.Services != cmdlet.Services)
        {
            text.Append('^').Append(Letters(parameter.Services));
        }

        if (parameter.Sets is [{ Name: ParameterDefinition.AllSets, Mandatory: false, Position: null, Pipeline: false, PipelineByName: false }])
        {
            return;
        }

        foreach (var set in parameter.Sets)
        {
            text.Append('@').Append(set.Name == ParameterDefinition.AllSets ? AllSetsMark : Escape(set.Name));
            var flags = (set.Mandatory ? "m" : "") + set.Position?.ToString(CultureInfo.InvariantCulture)
                + (set.Pipeline ? "v" : "") + (set.PipelineByName ? "n" : "");
            if (flags.Length > 0)
            {
                text.Append('=').Append(flags);
            }
        }
    }

    private static CmdletDefinition ParseLine(string line, Dictionary<string, string> strings, Dictionary<string, ParameterSetMember[]> sets)
    {
        var tokens = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (tokens.Length < 3)
        {
            throw new FormatException("it needs a name, services and a default parameter set.");
        }

        var services = Services(tokens[1]);
        string[] traits = [.. tokens.Skip(3).TakeWhile(token => token[0] == '!')];
        return new CmdletDefinition(
            tokens[0], services, tokens[2] == "-" ? null : Unescape(tokens[2]),
            [.. tokens.Skip(3 + traits.Length).Select(token => ParseParameter(token, services, strings, sets))])
        {
            IsOfHighImpact = traits.Contains("!high"),
            IsBatched = !traits.Contains("!single"),
            RoutedBy = traits.FirstOrDefault(trait => trait.Contains('=', StringComparison.Ordinal))?.Split('=')[1],
            IsRoutedByFolder = Array.Exists(traits, trait => trait.StartsWith("!folder=", StringComparison.Ordinal)),
        };
    }

    private static ParameterDefinition ParseParameter(
        string token, CatalogServices services, Dictionary<string, string> strings, Dictionary<string, ParameterSetMember[]> sets)
    {
        var colon = token.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            throw new FormatException($"'{token}' is not a parameter: a colon and a type are missing.");
        }

        var at = token.IndexOf('@', colon);
        var signature = at < 0 ? token[(colon + 1)..] : token[(colon + 1)..at];
        var membership = at < 0 ? "" : token[(at + 1)..];
        var caret = signature.IndexOf('^', StringComparison.Ordinal);
        if (caret >= 0)
        {
            services = Services(signature[(caret + 1)..]);
            signature = signature[..caret];
        }

        var parts = signature.Split('|');
        return new ParameterDefinition(
            Intern(strings, token[..colon]), Intern(strings, Unescape(parts[0].TrimEnd('?'))), parts.Length == 1 ? [] : parts[1..], services,
            Sets(sets, membership))
        {
            IsUntyped = parts[0].EndsWith('?'),
        };
    }

    private static ParameterSetMember[] Sets(Dictionary<string, ParameterSetMember[]> cache, string membership)
    {
        if (cache.TryGetValue(membership, out var known))
        {
            return known;
        }

        var sets = membership.Length == 0
            ? [new ParameterSetMember(ParameterDefinition.AllSets, false, null, false, false)]
            : Array.ConvertAll(membership.Split('@'), ParseSet);
        cache.Add(membership, sets);
        return sets;
    }

    private static ParameterSetMember ParseSet(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        bool mandatory = false, pipeline = false, byName = false;
        int? position = null;
        foreach (var flag in equals < 0 ? "" : text[(equals + 1)..])
        {
            switch (flag)
            {
                case 'm':
                    mandatory = true;
                    break;
                case 'v':
                    pipeline = true;
                    break;
                case 'n':
                    byName = true;
                    break;
                case >= '0' and <= '9':
                    position = ((position ?? 0) * 10) + (flag - '0');
                    break;
                default:
                    throw new FormatException($"'{flag}' is no flag of a parameter set.");
            }
        }

        return new ParameterSetMember(name == AllSetsMark ? ParameterDefinition.AllSets : Unescape(name), mandatory, position, pipeline, byName);
    }

    private static CatalogServices Services(string letters)
    {
        var services = CatalogServices.None;
        foreach (var letter in letters)
        {
            services |= letter switch
            {
                'E' => CatalogServices.ExchangeOnline,
                'S' => CatalogServices.SecurityCompliance,
                _ => throw new FormatException($"'{letter}' is no service."),
            };
        }

        return services;
    }

    private static string Letters(CatalogServices services)
    {
        return (services.HasFlag(CatalogServices.ExchangeOnline) ? "E" : "") + (services.HasFlag(CatalogServices.SecurityCompliance) ? "S" : "");
    }

    private static string Intern(Dictionary<string, string> strings, string text)
    {
        if (strings.TryGetValue(text, out var known))
        {
            return known;
        }

        strings.Add(text, text);
        return text;
    }

    private static string Escape(string text) => text.Replace(' ', '~');

    private static string Unescape(string text) => text.Replace('~', ' ');
}
