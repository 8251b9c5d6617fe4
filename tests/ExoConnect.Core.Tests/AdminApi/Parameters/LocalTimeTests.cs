using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ExoConnect.Core.AdminApi.Parameters;

namespace ExoConnect.Core.Tests.AdminApi.Parameters;

/// <summary>Dates under other time zones. The zone is the process's, so nothing runs beside this.</summary>
[Collection(nameof(LocalTimeTests))]
[CollectionDefinition(nameof(LocalTimeTests), DisableParallelization = true)]
public class LocalTimeTests
{
    [Theory]
    [InlineData("UTC", "2026-07-01T08:30:00", "2026-07-01T08:30:00")]
    [InlineData("America/New_York", "2026-07-01T08:30:00", "2026-07-01T12:30:00")]
    [InlineData("America/New_York", "2026-01-01T08:30:00", "2026-01-01T13:30:00")]
    [InlineData("Asia/Kolkata", "2026-07-01T08:30:00", "2026-07-01T03:00:00")]
    [InlineData("America/New_York", "2026-03-08T01:59:59", "2026-03-08T06:59:59")]
    [InlineData("America/New_York", "2026-03-08T03:00:00", "2026-03-08T07:00:00")]
    [InlineData("America/New_York", "2026-11-01T00:59:59", "2026-11-01T04:59:59")]
    [InlineData("America/New_York", "2026-11-01T01:30:00", "2026-11-01T06:30:00")]
    [InlineData("America/New_York", "2026-11-01T02:00:00", "2026-11-01T07:00:00")]
    public void A_date_of_no_zone_is_local_time_over_a_change_of_summer_time_too(string zone, string local, string utc)
    {
        if (OperatingSystem.IsWindows())
        {
            // There a process can't choose its time zone.
            return;
        }

        var before = Environment.GetEnvironmentVariable("TZ");
        try
        {
            Environment.SetEnvironmentVariable("TZ", zone);
            TimeZoneInfo.ClearCachedData();
            var unspecified = DateTime.Parse(local, CultureInfo.InvariantCulture);
            var table = new Hashtable { ["When"] = unspecified };

            Assert.Equal(
                $"{{\"P\":\"{utc}\",\"L\":[\"{utc}\",\"{utc}\"],\"T\":{{\"@odata.type\":\"#Exchange.GenericHashTable\",\"When\":\"{utc}\"}}}}",
                Serialize(new()
                {
                    ["P"] = unspecified,
                    ["L"] = new object[] { DateTime.SpecifyKind(unspecified, DateTimeKind.Local), new DateTimeOffset(unspecified) },
                    ["T"] = table,
                }));
        }
        finally
        {
            Environment.SetEnvironmentVariable("TZ", before);
            TimeZoneInfo.ClearCachedData();
        }
    }

    private static string Serialize(Dictionary<string, object?> parameters)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            new ParameterSerializer(new ParameterSerializerOptions()).Write(writer, parameters);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
