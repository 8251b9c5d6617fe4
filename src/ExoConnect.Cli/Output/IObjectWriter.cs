namespace ExoConnect.Cli.Output;

/// <summary>Writes the objects of a response in one format, as they come.</summary>
internal interface IObjectWriter
{
    /// <summary>Writes an object. The output holds everything that is ready when this returns; the caller flushes it.</summary>
    /// <param name="item">An object of the service, or a plain value.</param>
    /// <param name="tenant">Its tenant, if there are several: the first column. An object's own property of that name is then left out.</param>
    void Write(object item, string? tenant = null);

    /// <summary>The name of the column for the tenant.</summary>
    const string Tenant = "Tenant";

    /// <summary>Notes a pause: rows that wait for a common layout should not wait much longer.</summary>
    void Pause()
    {
    }

    /// <summary>Writes the rest.</summary>
    /// <param name="complete">False if the response broke off.</param>
    void End(bool complete);
}

/// <summary>The formats of <c>--output</c>.</summary>
internal enum OutputFormat
{
    /// <summary>Columns for people.</summary>
    Table,

    /// <summary>One JSON array.</summary>
    Json,

    /// <summary>Comma-separated values with a header.</summary>
    Csv,

    /// <summary>One JSON object per line.</summary>
    Ndjson,
}
