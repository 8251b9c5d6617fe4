using System.Text.Json.Serialization;

namespace ExoConnect.LocalTenant.Hosting;

/// <summary>Writes the tenant's files and its description. The compiler generates the code, since reflection may be missing.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TenantDescription))]
[JsonSerializable(typeof(TenantState.Identity))]
internal sealed partial class TenantJson : JsonSerializerContext;
