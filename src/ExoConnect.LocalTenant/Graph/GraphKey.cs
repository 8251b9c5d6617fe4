namespace ExoConnect.LocalTenant.Graph;

/// <summary>The object of a collection that a path names: <c>/things/{id}</c> or <c>/things(appId='…')</c>.</summary>
/// <param name="Text">As the client wrote it.</param>
/// <param name="Id">Its object id; all zeros if the text is not a GUID.</param>
/// <param name="AppId">The application id that names it instead.</param>
/// <param name="Rest">The path after it.</param>
internal sealed record GraphKey(string Text, Guid Id, Guid? AppId, IReadOnlyList<string> Rest)
{
    /// <summary>Reads a key.</summary>
    /// <param name="request">The request; its first segment is the collection.</param>
    /// <returns>The key; null if the path names the collection itself.</returns>
    public static GraphKey? Of(GraphRequest request)
    {
        const string ByAppId = "(appId='";
        var collection = request.Segments[0];
        var parenthesis = collection.IndexOf(ByAppId, StringComparison.OrdinalIgnoreCase);
        if (parenthesis >= 0 && collection.EndsWith("')", StringComparison.Ordinal))
        {
            var text = collection[(parenthesis + ByAppId.Length)..^2];
            return new GraphKey(text, Guid.Empty, Guid.TryParse(text, out var appId) ? appId : Guid.Empty, [.. request.Segments.Skip(1)]);
        }

        return request.Segments.Count == 1
            ? null
            : new GraphKey(request.Segments[1], Guid.TryParse(request.Segments[1], out var id) ? id : Guid.Empty, null,
                [.. request.Segments.Skip(2)]);
    }
}
