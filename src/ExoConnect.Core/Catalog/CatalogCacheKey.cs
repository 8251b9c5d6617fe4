using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Catalog;

/// <summary>
/// What a session's set of cmdlets depends on. Two sessions with equal keys may share a catalog; case and order of names do not count. Only a
/// hash of it reaches the disk.
/// </summary>
public sealed record CatalogCacheKey
{
    /// <summary>The tenant's id.</summary>
    public required string TenantId { get; init; }

    /// <summary>Who signs in: the app's id, and the user's too where there is one.</summary>
    public required string Identity { get; init; }

    /// <summary>Which service.</summary>
    public required ExoService Service { get; init; }

    /// <summary>The environment; what was cached for one is never used for another with the same name but other hosts.</summary>
    public required ExoEnvironment Environment { get; init; }

    /// <summary>Directory roles and permissions of the token, by id or name: other roles, other cmdlets.</summary>
    public IReadOnlyCollection<string> Roles { get; init; } = [];

    /// <summary>The names and wildcards asked for with <c>-CommandName</c>; empty for all.</summary>
    public IReadOnlyCollection<string> CommandNames { get; init; } = [];

    /// <summary>Whether it is a session of searches, which may have others.</summary>
    public bool IsSearchOnly { get; init; }

    internal string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(TenantId);
        Add(Identity);
        Add(((int)Service).ToString(CultureInfo.InvariantCulture));
        Add(Environment.Name);
        Add(Environment.BaseAddress(Service).AbsoluteUri);
        Add(Environment.SignIn.AbsoluteUri);
        Add(Environment.Address?.ToString() ?? "");
        Add(IsSearchOnly ? "searches" : "");
        AddAll(Roles);
        AddAll(CommandNames);
        return Convert.ToHexString(hash.GetHashAndReset());

        void AddAll(IReadOnlyCollection<string> values)
        {
            var distinct = values.Select(value => value.Trim().ToUpperInvariant()).Distinct(StringComparer.Ordinal).ToArray();
            Array.Sort(distinct, StringComparer.Ordinal);
            Add(distinct.Length.ToString(CultureInfo.InvariantCulture));
            foreach (var value in distinct)
            {
                Add(value);
            }
        }

        void Add(string value)
        {
            // With its length in front, so that no two lists of values run together to the same bytes.
            var bytes = Encoding.UTF8.GetBytes(value.Trim().ToUpperInvariant());
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }
}
