using System.Diagnostics.CodeAnalysis;

namespace ExoConnect.Core.Catalog;

/// <summary>
/// The values that a parameter takes, as far as a host must know to bind and complete it. <see cref="CmdletParameter.IsArray"/> says whether it
/// takes several.
/// </summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The members are types: that is what they say.")]
public enum ParameterKind
{
    /// <summary>Anything: identities, lists with <c>@{Add=..}</c>, and whatever else the service converts itself.</summary>
    Object,

    /// <summary>Text.</summary>
    String,

    /// <summary>A switch: present or absent.</summary>
    Switch,

    /// <summary>True or false, given as a value.</summary>
    Boolean,

    /// <summary>One byte; an array of it is binary data.</summary>
    Byte,

    /// <summary>A 16 bit number.</summary>
    Int16,

    /// <summary>A 32 bit number.</summary>
    Int32,

    /// <summary>A 64 bit number.</summary>
    Int64,

    /// <summary>An unsigned 32 bit number.</summary>
    UInt32,

    /// <summary>An unsigned 64 bit number.</summary>
    UInt64,

    /// <summary>A floating point number.</summary>
    Double,

    /// <summary>A date and time.</summary>
    DateTime,

    /// <summary>A duration.</summary>
    TimeSpan,

    /// <summary>A GUID.</summary>
    Guid,

    /// <summary>An address.</summary>
    Uri,

    /// <summary>A version number.</summary>
    Version,

    /// <summary>A culture, by its name.</summary>
    CultureInfo,

    /// <summary>A user name with a password.</summary>
    Credential,

    /// <summary>A password; sent encrypted with the service's key.</summary>
    SecureString,

    /// <summary>A table of names and values.</summary>
    Hashtable,

    /// <summary>An unknown type; <see cref="CmdletParameter.TypeName"/> has the service's name for it.</summary>
    Other,
}
