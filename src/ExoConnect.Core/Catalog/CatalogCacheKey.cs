using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Catalog;

/// <summary>
/// Everything that a session's set of cmdlets depends on. Two sessions with equal keys may share a catalog; case and order of names do not count.
/// Only a hash of the key reaches the disk.
/// </summary>
public sealed record CatalogCacheKey
{
    /// <summary>The tenant's id.</summary>
    public required string TenantId { get; init; }

    /// <summary>The identity that signs in: the app's id, and the user's too if there is a user.</summary>
    public required string Identity { get; init; }

    /// <summary>The service.</summary>
    public required ExoService Service { get; init; }

    /// <summary>The environment; a catalog of one is never used for another with the same name but other hosts.</summary>
    public required ExoEnvironment Environment { get; init; }

    /// <summary>Directory roles and permissions of the token, by id or name: other roles allow other cmdlets.</summary>
    public IReadOnlyCollection<string> Roles { get; init; } = [];

    /// <summary>The names and wildcards in <c>-CommandName</c>; empty for all.</summary>
    public IReadOnlyCollection<string> CommandNames { get; init; } = [];

    /// <summary>Whether it is a session of searches, which may have other cmdlets.</summary>
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
            // The length comes first, so that different lists of values never give the same bytes.
            var bytes = Encoding.UTF8.GetBytes(value.Trim().ToUpperInvariant());
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
    }
}
