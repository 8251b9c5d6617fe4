using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Responses;

/// <summary>Errors in the OData shape that Graph and the admin API share, for requests that never reach them.</summary>
internal static class PlainError
{
    /// <summary>Writes an error.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="code">The error's code.</param>
    /// <param name="message">The error's message.</param>
    /// <returns>A task that ends when it is written.</returns>
    public static Task WriteAsync(HttpContext context, int status, string code, string message)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("code", code);
            json.WriteString("message", message);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = buffer.WrittenCount;
        return context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted).AsTask();
    }

    /// <summary>The usual code of a status.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <returns>For example <c>TooManyRequests</c>.</returns>
    public static string CodeOf(int status) => Enum.IsDefined((System.Net.HttpStatusCode)status)
        ? ((System.Net.HttpStatusCode)status).ToString()
        : "UnknownError";
}
