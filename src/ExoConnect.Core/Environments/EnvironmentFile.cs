using System.Collections.ObjectModel;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;
using ExoConnect.Core.Text;

namespace ExoConnect.Core.Environments;

/// <summary>
/// Reads a custom environment from a JSON file: <c>name</c>, <c>signIn</c>, <c>exchange</c>, <c>compliance</c>, <c>graph</c> (https addresses), and
/// optionally <c>services</c> (addresses of <c>sharePoint</c>, <c>managementApi</c>, <c>azureManagement</c> and others), <c>resources</c> (of any
/// of these), <c>trustedSuffixes</c>, <c>address</c> (the IP end point of every host) and <c>certificateAuthority</c> (a PEM or DER file beside
/// it). Other properties are ignored.
/// </summary>
public static class EnvironmentFile
{
    private const int MaximumBytes = 256 * 1024;
    private const string Parameter = "ExchangeEnvironmentName";

    /// <summary>Reads an environment.</summary>
    /// <param name="path">The file; <c>~</c> and paths relative to <paramref name="baseDirectory"/> are understood.</param>
    /// <param name="baseDirectory">Where a relative path starts; null for the current directory.</param>
    /// <returns>The environment. The same content gives equal environments.</returns>
    /// <exception cref="ExoException">
    /// <c>EnvironmentFileNotFound</c>, <c>EnvironmentFileUnreadable</c>, or <c>EnvironmentFileInvalid</c>, which names the line and the property.
    /// </exception>
    public static ExoEnvironment Load(string path, string? baseDirectory = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = PathText.Resolve(path, baseDirectory);
        return Parse(Read(full, full, "The environment file"), full);
    }

    /// <summary>Reads an environment from a file's content.</summary>
    /// <param name="content">Any bytes.</param>
    /// <param name="path">The file's absolute path, for messages and for relative paths in it.</param>
    /// <returns>The environment.</returns>
    internal static ExoEnvironment Parse(ReadOnlySpan<byte> content, string path)
    {
        var properties = new Reader(path).Read(content);
        var signIn = properties.Host("signIn");
        var exchange = properties.Host("exchange");
        var compliance = properties.Host("compliance");
        var graph = properties.Host("graph");
        var defaults = CloudEnvironments.O365Default;
        return new ExoEnvironment
        {
            Name = properties.Name(),
            SignIn = signIn,
            Exchange = exchange,
            Compliance = compliance,
            Graph = graph,
            ExchangeResource = properties.Resource("resources.exchange") ?? defaults.ExchangeResource,
            ComplianceResource = properties.Resource("resources.compliance") ?? defaults.ComplianceResource,
            GraphResource = properties.Resource("resources.graph") ?? defaults.GraphResource,
            OtherServices = properties.Services(),
            OtherResources = properties.Resources(),
            TrustedSuffixes = properties.Suffixes(),
            Address = properties.Address(),
            CertificateAuthorities = properties.Authorities(),
        };
    }

    private static byte[] Read(string path, string file, string what)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw Unreadable("is a folder, not a file", null);
            }

            RegularFile.ThrowIfSpecial(path);
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var buffer = new byte[MaximumBytes + 1];
            var count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return count <= MaximumBytes ? buffer[..count] : throw Unreadable($"is larger than {MaximumBytes / 1024} KB", null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ExoException($"{what} '{path}' does not exist.", e)
            {
                ErrorId = ErrorIds.EnvironmentFileNotFound,
                Category = ExoErrorCategory.InvalidArgument,
                ParameterName = Parameter,
                Target = path,
                Remedy = path == file
                    ? "Check the path. A local tenant prints where its environment file is when it starts."
                    : $"Put it back, or correct 'certificateAuthority' in {file}.",
            };
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unreadable("may not be read by this account", e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            throw Unreadable($"cannot be read: {e.Message}", e);
        }

        ExoException Unreadable(string reason, Exception? inner) => new($"{what} '{path}' {reason}.", inner)
        {
            ErrorId = ErrorIds.EnvironmentFileUnreadable,
            Category = ExoErrorCategory.InvalidArgument,
            ParameterName = Parameter,
            Target = path,
            Remedy = "Give the path of a small text file that this account may read.",
        };
    }

    private static ExoException Invalid(string file, long line, string? property, string reason, Exception? inner = null)
    {
        var where = property is null ? $"line {line}" : line > 0 ? $"line {line}, '{property}'" : $"'{property}'";
        return new ExoException($"The environment file '{file}', {where}: {reason}.", inner)
        {
            ErrorId = ErrorIds.EnvironmentFileInvalid,
            Category = ExoErrorCategory.InvalidArgument,
            ParameterName = Parameter,
            Target = file,
            Remedy = "Correct the file. It is JSON with name, signIn, exchange, compliance and graph, and optionally services, resources, "
                + "trustedSuffixes, address and certificateAuthority.",
        };
    }

    private sealed record Entry(string? Text, IReadOnlyList<string>? List, long Line);

    /// <summary>Flattens the file into named values that remember their lines.</summary>
    private sealed class Reader(string file)
    {
        private static readonly string[] Nested = ["resources", "services"];

        private readonly Dictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);

        public Properties Read(ReadOnlySpan<byte> content)
        {
            if (content.StartsWith("\uFEFF"u8))
            {
                content = content[3..];
            }

            var json = new Utf8JsonReader(content, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            try
            {
                json.Read();
                if (json.TokenType != JsonTokenType.StartObject)
                {
                    throw Invalid(file, LineOf(content, json.TokenStartIndex), null, "the file must hold one JSON object");
                }

                ReadObject(ref json, content, string.Empty);
                json.Read();
            }
            catch (JsonException e)
            {
                throw Invalid(file, (e.LineNumber ?? 0) + 1, null, "this is not JSON", e);
            }
            catch (InvalidOperationException e)
            {
                throw Invalid(file, LineOf(content, json.TokenStartIndex), null, "a text here is not valid Unicode", e);
            }

            return new Properties(_entries, file);
        }

        private void ReadObject(ref Utf8JsonReader json, ReadOnlySpan<byte> content, string prefix)
        {
            while (json.Read() && json.TokenType != JsonTokenType.EndObject)
            {
                var name = prefix + json.GetString();
                var line = LineOf(content, json.TokenStartIndex);
                json.Read();
                if (json.TokenType == JsonTokenType.StartObject && prefix.Length == 0 && Nested.Contains(name, StringComparer.OrdinalIgnoreCase))
                {
                    ReadObject(ref json, content, name + ".");
                    continue;
                }

                var entry = json.TokenType switch
                {
                    JsonTokenType.String => new Entry(json.GetString(), null, line),
                    JsonTokenType.StartArray => new Entry(null, ReadList(ref json), line),
                    _ => new Entry(null, null, line),
                };
                if (json.TokenType == JsonTokenType.StartObject)
                {
                    json.Skip();
                }

                if (!_entries.TryAdd(name, entry))
                {
                    throw Invalid(file, line, name, "it is there twice");
                }
            }
        }

        private static List<string>? ReadList(ref Utf8JsonReader json)
        {
            List<string>? list = [];
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                if (json.TokenType == JsonTokenType.String)
                {
                    list?.Add(json.GetString()!);
                }
                else
                {
                    list = null;
                    json.Skip();
                }
            }

            return list;
        }

        private static long LineOf(ReadOnlySpan<byte> content, long index) => content[..(int)Math.Min(index, content.Length)].Count((byte)'\n') + 1;
    }

    private sealed class Properties(Dictionary<string, Entry> entries, string file)
    {
        private static readonly string[] Own = ["exchange", "compliance", "graph"];

        public string Name()
        {
            var (name, line) = Text("name") ?? throw Invalid(file, 0, "name", "it is missing");
            return name.Length is > 0 and <= 100 && !name.Any(char.IsControl)
                ? name
                : throw Invalid(file, line, "name", "it must be 1 to 100 printable characters");
        }

        public Uri Host(string property)
        {
            var (text, line) = Text(property) ?? throw Invalid(file, 0, property, "it is missing");
            return ParseHost(text, property, line);
        }

        public string? Resource(string property) =>
            Text(property) is var (text, line) ? ParseHost(text, property, line).GetLeftPart(UriPartial.Authority) : null;

        public ReadOnlyDictionary<string, Uri> Services() => Others("services.").ToDictionary(
            other => other.Name, other => Host(other.Property), StringComparer.OrdinalIgnoreCase).AsReadOnly();

        public ReadOnlyDictionary<string, string> Resources() => Others("resources.").ToDictionary(
            other => other.Name, other => Resource(other.Property)!, StringComparer.OrdinalIgnoreCase).AsReadOnly();

        private IEnumerable<(string Name, string Property)> Others(string prefix) =>
            from property in entries.Keys
            where property.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            let name = property[prefix.Length..]
            where !Own.Contains(name, StringComparer.OrdinalIgnoreCase)
            select (name, property);

        public ReadOnlyCollection<string> Suffixes()
        {
            if (!entries.TryGetValue("trustedSuffixes", out var entry))
            {
                return ReadOnlyCollection<string>.Empty;
            }

            if (entry.List is not { } list)
            {
                throw Invalid(file, entry.Line, "trustedSuffixes", "it must be a list of domain names");
            }

            return Array.AsReadOnly(list.Select(item =>
            {
                var suffix = item.Trim().TrimStart('.');
                return suffix.Contains('.', StringComparison.Ordinal) && Uri.CheckHostName(suffix) == UriHostNameType.Dns
                    ? suffix
                    : throw Invalid(file, entry.Line, "trustedSuffixes", $"'{item}' is not a domain name of two or more labels");
            }).ToArray());
        }

        public IPEndPoint? Address()
        {
            if (Text("address") is not var (text, line))
            {
                return null;
            }

            return IPEndPoint.TryParse(text, out var address) && address.Port > 0
                ? address
                : throw Invalid(file, line, "address", $"'{text}' is not an IP address with a port, such as 127.0.0.1:8443");
        }

        public X509Certificate2Collection? Authorities()
        {
            if (Text("certificateAuthority") is not var (text, line))
            {
                return null;
            }

            if (text.Length == 0)
            {
                throw Invalid(file, line, "certificateAuthority", "it is empty");
            }

            var path = PathText.Resolve(text, Path.GetDirectoryName(file));
            var content = Read(path, file, "The certificate authority");
            var collection = new X509Certificate2Collection();
            try
            {
                if (content.AsSpan().IndexOf("-----BEGIN"u8) >= 0)
                {
                    collection.ImportFromPem(Encoding.Latin1.GetString(content));
                }
                else if (content.Length > 0)
                {
                    collection.Add(new X509Certificate2(content));
                }
            }
            catch (CryptographicException e)
            {
                throw Invalid(file, line, "certificateAuthority", $"'{path}' does not hold a certificate", e);
            }

            return collection.Count > 0 ? collection : throw Invalid(file, line, "certificateAuthority", $"'{path}' does not hold a certificate");
        }

        private Uri ParseHost(string text, string property, long line)
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps || uri.Host.Length == 0)
            {
                throw Invalid(file, line, property, $"'{text}' is not an https address");
            }

            return uri.UserInfo.Length == 0 && uri.AbsolutePath == "/" && uri.Query.Length == 0 && uri.Fragment.Length == 0
                ? uri
                : throw Invalid(file, line, property, "it must be a scheme, a host and perhaps a port, with nothing around them");
        }

        private (string Text, long Line)? Text(string property)
        {
            if (!entries.TryGetValue(property, out var entry))
            {
                return null;
            }

            return entry.Text is { } text ? (text, entry.Line) : throw Invalid(file, entry.Line, property, "it must be a text");
        }
    }
}
