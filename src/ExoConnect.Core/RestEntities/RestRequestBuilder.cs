using System.Globalization;
using System.Text;
using ExoConnect.Core.Errors;

namespace ExoConnect.Core.RestEntities;

/// <summary>Builds a request: the query in the order of the calls, each value percent-encoded.</summary>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class RestRequestBuilder(string cmdlet)
{
    private const string On = "True";

    private readonly StringBuilder _query = new();
    private readonly List<string> _notes = [];
    private string? _identityHeader;
    private IReadOnlyList<string> _expected = [];
    private bool _isSelection;

    /// <summary>A query option; null adds nothing.</summary>
    /// <exception cref="ExoException"><c>BlankParameter</c>.</exception>
    public RestRequestBuilder Option(string name, string? value)
    {
        if (ParameterErrors.NotBlank(name, value) is not null)
        {
            _query.Append(_query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(ODataText.Escape(value!));
        }

        return this;
    }

    /// <summary>A query option that takes a list; an empty one adds nothing.</summary>
    /// <exception cref="ExoException"><c>BlankParameter</c>.</exception>
    public RestRequestBuilder Option(string name, IReadOnlyList<string> values)
    {
        foreach (var value in values)
        {
            ParameterErrors.NotBlank(name, value ?? string.Empty);
        }

        return values.Count == 0 ? this : Option(name, string.Join(',', values));
    }

    /// <summary>The switches of a table that are on.</summary>
    public RestRequestBuilder Switches<T>(T options, IEnumerable<(string Name, Func<T, bool> IsOn)> table)
    {
        foreach (var (name, isOn) in table)
        {
            Switch(name, isOn(options));
        }

        return this;
    }

    /// <summary>A switch.</summary>
    public RestRequestBuilder Switch(string name, bool isOn = true) => Option(name, isOn ? On : null);

    /// <summary>The mark of a path whose keys are base64.</summary>
    public RestRequestBuilder KeysAreEncoded() => Option("isEncoded", "true");

    /// <summary>The identity, in a header instead of the path.</summary>
    public RestRequestBuilder IdentityInHeader(string identity)
    {
        _identityHeader = ODataText.Base64(identity);
        return Switch("ReadIdsAndParamsFromHeaders");
    }

    /// <summary>A filter in OPATH; null adds nothing.</summary>
    /// <exception cref="ExoException"><c>InvalidFilter</c>.</exception>
    public RestRequestBuilder Filter(string? opath, EntitySchema schema)
    {
        if (opath is null)
        {
            return this;
        }

        var filter = OpathFilter.Parse(opath, schema);
        _notes.AddRange(filter.Notes);
        return Option("$filter", filter.ToOData());
    }

    /// <summary>Property sets and properties.</summary>
    /// <exception cref="ExoException"><c>InvalidPropertySet</c> or <c>InvalidProperty</c>.</exception>
    public RestRequestBuilder Select(EntitySchema schema, IReadOnlyList<string> sets, IReadOnlyList<string> properties)
    {
        var selection = schema.Select(sets, properties);
        _notes.AddRange(selection.Notes);
        _expected = selection.Expected;
        _isSelection = properties.Count > 0 || sets.Any(static s => s.ToUpperInvariant() is not ("MINIMUM" or "ALL"));
        return Option("PropertySet", selection.PropertySet).Option("$select", selection.Select);
    }

    /// <summary>The finished request.</summary>
    /// <param name="path">The encoded path; see <see cref="ODataText.Path"/>.</param>
    /// <param name="resultSize">The number of results.</param>
    /// <param name="maximumPageSize">The session's page size.</param>
    public RestRequest Build(string path, ResultSize resultSize, int maximumPageSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumPageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumPageSize, RestRequest.MaximumPageSize);
        var pageSize = resultSize.PageSize(maximumPageSize);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Prefer"] = string.Create(CultureInfo.InvariantCulture, $"odata.maxpagesize={pageSize};"),
            ["OData-Version"] = "4.0",
            ["Accept"] = "application/json;odata.metadata=minimal",
        };
        if (_identityHeader is not null)
        {
            headers["XParameter-Identity"] = _identityHeader;
        }

        return new RestRequest
        {
            CmdletName = cmdlet,
            PathAndQuery = path + _query,
            Headers = headers,
            PageSize = pageSize,
            ResultSize = resultSize,
            ExpectedProperties = _expected,
            IsSelection = _isSelection,
            Notes = _notes,
        };
    }
}
