namespace ExoConnect.Cli.Output;

/// <summary>Writes the objects of a response in one format, as they come.</summary>
internal interface IObjectWriter
{
    /// <summary>Takes an object. What is ready to be shown is in the output when this returns; flushing it is the caller's.</summary>
    /// <param name="item">An object of the service, or a plain value.</param>
    /// <param name="tenant">Whose it is, where there are several: the first column. An object's own property of that name has no place then.</param>
    void Write(object item, string? tenant = null);

    /// <summary>The name of the column that tells tenants apart.</summary>
    const string Tenant = "Tenant";

    /// <summary>A pause: what has been held back to be laid out together should not wait much longer.</summary>
    void Pause()
    {
    }

    /// <summary>Writes what is left.</summary>
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

    /// <summary>One JSON object a line.</summary>
    Ndjson,
}
