using System.Collections.Concurrent;
using System.Security;
using System.Text;

namespace ExoConnect.LocalTenant.Objects;

/// <summary>
/// The names of a .NET type and its bases as the serialisation lists them. They are the service's own: PowerShell puts <c>Deserialized.</c> before
/// them when it reads. There is one instance for each list.
/// </summary>
internal sealed class ClixmlType
{
    private const string DataAssembly = ", Microsoft.Exchange.Data, Version=15.20.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35";
    private const string SystemAssembly = ", mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089";
    private const string DataNamespace = "Microsoft.Exchange.Data.";

    private static readonly ConcurrentDictionary<string, ClixmlType> Known = new(StringComparer.Ordinal);
    private static int _count;

    private ClixmlType(IEnumerable<string> names)
    {
        Index = Interlocked.Increment(ref _count) - 1;

        // Inside a JSON string; type names have neither quotes nor backslashes.
        Elements = Encoding.UTF8.GetBytes(string.Concat(names.Select(name => $"<T>{SecurityElement.Escape(name)}</T>")));
    }

    /// <summary>The result of a cmdlet.</summary>
    public static ClixmlType Page { get; } = Of(
        "System.Collections.ObjectModel.Collection`1[[System.Management.Automation.PSObject, System.Management.Automation, Version=3.0.0.0, "
        + "Culture=neutral, PublicKeyToken=31bf3856ad364e35]]",
        "System.Object");

    /// <summary>A list of texts.</summary>
    public static ClixmlType Texts { get; } = Of(
        $"{DataNamespace}MultiValuedProperty`1[[System.String{SystemAssembly}]]", $"{DataNamespace}MultiValuedPropertyBase", "System.Object");

    /// <summary>A list of tables.</summary>
    public static ClixmlType Tables { get; } = Of("System.Collections.ArrayList", "System.Object");

    /// <summary>A table.</summary>
    public static ClixmlType Table { get; } = Of("System.Collections.Hashtable", "System.Object");

    /// <summary>A size.</summary>
    public static ClixmlType Size { get; } = Of($"{DataNamespace}ByteQuantifiedSize", "System.ValueType", "System.Object");

    /// <summary>A size that may be unlimited.</summary>
    public static ClixmlType UnlimitedSize { get; } = Of(
        $"{DataNamespace}Unlimited`1[[{DataNamespace}ByteQuantifiedSize{DataAssembly}]]", "System.ValueType", "System.Object");

    /// <summary>The addresses of a recipient.</summary>
    public static ClixmlType Addresses { get; } = Of(
        $"{DataNamespace}ProxyAddressCollection", $"{DataNamespace}ProxyAddressBaseCollection`1[[{DataNamespace}ProxyAddress{DataAssembly}]]",
        $"{DataNamespace}MultiValuedProperty`1[[{DataNamespace}ProxyAddress{DataAssembly}]]", $"{DataNamespace}MultiValuedPropertyBase",
        "System.Object");

    /// <summary>An SMTP address with its kind.</summary>
    public static ClixmlType SmtpAddress { get; } = Address("SmtpProxyAddress");

    /// <summary>An address of another kind.</summary>
    public static ClixmlType OtherAddress { get; } = Address("CustomProxyAddress");

    /// <summary>A number that no other list has; the numbers are dense.</summary>
    public int Index { get; }

    /// <summary>The <c>T</c> elements, for use inside a JSON string.</summary>
    public byte[] Elements { get; }

    /// <summary>The one instance of a list of names.</summary>
    public static ClixmlType Of(params IEnumerable<string> names)
    {
        string[] all = [.. names];
        return Known.GetOrAdd(string.Join('\n', all), _ => new ClixmlType(all));
    }

    /// <summary>An enum.</summary>
    /// <param name="name">Its type.</param>
    public static ClixmlType Enum(string name) => Of(name, "System.Enum", "System.ValueType", "System.Object");

    private static ClixmlType Address(string name)
    {
        return Of($"{DataNamespace}{name}", $"{DataNamespace}ProxyAddress", $"{DataNamespace}ProxyAddressBase", "System.Object");
    }
}
