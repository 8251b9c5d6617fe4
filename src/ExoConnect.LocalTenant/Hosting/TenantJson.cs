using System.Text.Json.Serialization;

namespace ExoConnect.LocalTenant.Hosting;

/// <summary>How the tenant's files and its description are written: the compiler makes the code, since reflection may be missing.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TenantDescription))]
[JsonSerializable(typeof(TenantState.Identity))]
internal sealed partial class TenantJson : JsonSerializerContext;
