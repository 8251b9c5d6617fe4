using System.Text.Json;
namespace ExoConnect.Core.AdminApi;
internal static class ParameterSerializer
{
    public static void Write(Utf8JsonWriter json, IReadOnlyDictionary<string, object?> parameters) => JsonSerializer.Serialize(json, parameters);
}
