using System.Globalization;

namespace ExoConnect.Benchmarks;

/// <summary>Words and <c>--name value</c> options, in any order.</summary>
internal sealed class CommandArguments
{
    private readonly List<string> _words = [];
    private readonly Dictionary<string, string> _options = [];

    public CommandArguments(string[] arguments, params string[] switches)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                _words.Add(arguments[i]);
            }
            else if (switches.Contains(arguments[i][2..]))
            {
                _options[arguments[i][2..]] = "true";
            }
            else
            {
                var name = arguments[i][2..];
                _options[name] = ++i < arguments.Length ? arguments[i] : throw new ArgumentException($"--{name} needs a value.");
            }
        }
    }

    public string? Word(int index) => index < _words.Count ? _words[index] : null;

    public string? Option(string name) => _options.GetValueOrDefault(name);

    public bool Has(string name) => _options.ContainsKey(name);

    public string Required(string name) => Option(name) ?? throw new ArgumentException($"--{name} is missing.");

    public int Number(string name, int otherwise) => Option(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
