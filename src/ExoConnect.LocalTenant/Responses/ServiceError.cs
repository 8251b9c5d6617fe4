using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ExoConnect.LocalTenant.Responses;

/// <summary>A request's failure, in the text and shape of the service (protocol.md section 4, "Errors").</summary>
internal sealed class ServiceError : Exception
{
    /// <summary>The type of a missing object's error.</summary>
    public const string NotFoundType = "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException";

    private const string ServiceType = "Microsoft.Exchange.Admin.OData.Core.ODataServiceException";
    private const int InvalidArgument = 5;
    private const int InvalidOperation = 7;
    private const int ResourceExists = 20;
    private const string CmdletFailed = "Error executing cmdlet";
    private const string InvocationType = "Microsoft.Exchange.Management.PSDirectInvoke.DirectInvokeCmdletExecutionException";

    private ServiceError(int status, string code, string message, string? detail, string? innerType, string? innerMessage)
        : base(innerMessage ?? message)
    {
        (Status, Code, Outer, Detail, InnerType) = (status, code, message, detail, innerType);
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The <c>code</c>.</summary>
    public string Code { get; }

    /// <summary>The generic outer message.</summary>
    public string Outer { get; }

    /// <summary>The text of <c>details</c>: hash, type and message, separated by bars; null for none.</summary>
    public string? Detail { get; }

    /// <summary>The type of the internal exception; null for none.</summary>
    public string? InnerType { get; }

    /// <summary>The object of the error, which the service names beside the error; empty for none.</summary>
    public string Target { get; init; } = "";

    /// <summary>The type of the error's object, without its namespace.</summary>
    public string TargetType { get; init; } = "String";

    /// <summary>The number of PowerShell's error category; 0 for none.</summary>
    public int Category { get; init; }

    /// <summary>A cmdlet that ran and failed.</summary>
    /// <param name="hash">The hash that the service puts before the type, such as <c>Ex6F9304</c>.</param>
    /// <param name="type">The exception's type.</param>
    /// <param name="text">The message.</param>
    /// <param name="status">The status; 400 by default.</param>
    /// <param name="category">The number of PowerShell's category of errors.</param>
    public static ServiceError Cmdlet(
        string hash, string type, string text, int status = StatusCodes.Status400BadRequest, int category = InvalidOperation)
    {
        return new ServiceError(
            status, status == StatusCodes.Status404NotFound ? "NotFound" : "BadRequest", CmdletFailed, $"{hash}|{type}|{text}", InvocationType,
            $"Exception of type '{InvocationType}' was thrown.")
        {
            Category = category,
        };
    }

    /// <summary>An object that does not exist.</summary>
    public static ServiceError ObjectNotFound(string identity)
    {
        return Cmdlet(
            "Ex6F9304", NotFoundType,
            $"The operation couldn't be performed because object '{identity}' couldn't be found on 'BN8PR07A04DC003.NAMPR07A004.PROD.OUTLOOK.COM'.",
            StatusCodes.Status404NotFound, category: 0);
    }

    /// <summary>An object with this name exists already.</summary>
    public static ServiceError AlreadyExists(string name)
    {
        return Cmdlet(
            "Ex1B1F5E", "Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException",
            $"The object \"{name}\" already exists. Choose another name.", category: ResourceExists);
    }

    /// <summary>A value that an operation cannot use.</summary>
    public static ServiceError Invalid(string text)
    {
        return Cmdlet("ExA18B2F", "Microsoft.Exchange.Configuration.Tasks.TaskInvalidOperationException", text);
    }

    /// <summary>Parameters that fit no parameter set, or that the cmdlet doesn't have.</summary>
    /// <param name="unknown">The parameters that it doesn't have.</param>
    public static ServiceError AmbiguousParameterSet(params IEnumerable<string> unknown)
    {
        const string Type = "Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException";
        var names = string.Join(", ", unknown);
        var text = "Parameter set cannot be resolved using the specified named parameters."
            + (names.Length > 0 ? $" Invalid cmdlet parameters specified. {names}" : "");
        return new ServiceError(StatusCodes.Status400BadRequest, "BadRequest", "Invalid Operation", $"|{Type}|{text}", Type, text)
        {
            Category = InvalidArgument,
        };
    }

    /// <summary>Missing mandatory parameters of the parameter set.</summary>
    public static ServiceError MissingParameters(IEnumerable<string> names)
    {
        const string Type = "Microsoft.Exchange.AdminApi.CommandInvocation.ParameterBindingException";
        var text = $"Cannot process command because of one or more missing mandatory parameters: {string.Join(" ", names)}.";
        return new ServiceError(StatusCodes.Status400BadRequest, "BadRequest", "Invalid Operation", $"|{Type}|{text}", Type, text)
        {
            Category = InvalidArgument,
        };
    }

    /// <summary>A value that doesn't convert to its parameter's type. Only the internal exception of the service names it.</summary>
    public static ServiceError Transformation(string parameter, string value, string type, string reason)
    {
        return new ServiceError(
            StatusCodes.Status400BadRequest, "BadRequest", "Invalid Operation", null,
            "Microsoft.Exchange.AdminApi.CommandInvocation.ParameterTransformationException",
            $"Cannot process argument transformation on parameter '{parameter}'. Cannot convert value \"{value}\" to type \"{type}\". {reason}");
    }

    /// <summary>A filter that cannot be understood.</summary>
    public static ServiceError Filter(string reason)
    {
        return Cmdlet(
            "ExB0C6CB", "System.Management.Automation.ParameterBindingException",
            $"Cannot bind parameter 'Filter' to the target. Exception setting \"Filter\": \"{reason}\"");
    }

    /// <summary>A request that is wrong in itself.</summary>
    public static ServiceError Request(int status, string code, string message) => new(status, code, message, null, null, null);

    /// <summary>The response to a request.</summary>
    /// <param name="clixml">Whether the request wants serialised objects.</param>
    public Response ToResponse(bool clixml)
    {
        var response = new Response(Status, (sink, _) =>
        {
            Write(sink, clixml);
            return ValueTask.CompletedTask;
        });
        if (InnerType is not null)
        {
            response.Headers["x-ExceptionType"] = TypeOf(Detail) is { Length: > 0 } type ? Short(type) : Short(InnerType);
            response.Headers["x-ExceptionTargetType"] = TargetType;
        }

        return response;
    }

    private void Write(Utf8Sink sink, bool clixml)
    {
        sink.Write("{\"error\":{\"code\":"u8);
        sink.WriteString(Code);
        sink.Write(",\"message\":"u8);
        sink.WriteString(Outer);
        if (Detail is not null)
        {
            sink.Write(",\"details\":[{\"code\":"u8);
            sink.WriteString(clixml ? Category.ToString(CultureInfo.InvariantCulture) : Outer == CmdletFailed ? "Context" : "Client");
            sink.Write(",\"target\":"u8);
            sink.WriteString(Target);
            sink.Write(",\"message\":"u8);
            sink.WriteString(clixml ? Serialized(Detail) : Detail);
            sink.Write("}]"u8);
        }

        if (InnerType is not null)
        {
            sink.Write(",\"innererror\":{\"message\":"u8);
            sink.WriteString(Outer);
            sink.Write(",\"type\":"u8);
            sink.WriteString(ServiceType);
            sink.Write(",\"stacktrace\":\"\",\"internalexception\":{\"message\":"u8);
            sink.WriteString(Message);
            sink.Write(",\"type\":"u8);
            sink.WriteString(InnerType);
            sink.Write(",\"stacktrace\":\"\"}}"u8);
        }

        sink.Write(",\"adminapi.warnings@odata.type\":\"#Collection(String)\",\"@adminapi.warnings\":[]}}"u8);
    }

    // A caller that wants serialised objects gets the exception serialised too.
    private static string Serialized(string detail)
    {
        var parts = detail.Split('|', 3);
        return parts.Length < 3
            ? detail
            : new JsonObject
            {
                ["ClassName"] = parts[1],
                ["Message"] = parts[2],
                ["Data"] = null,
                ["InnerException"] = null,
                ["HelpURL"] = null,
                ["HResult"] = -2146233088,
                ["localizedString"] = new JsonObject { ["stringId"] = parts[0], ["formattedMessage"] = parts[2] },
            }.ToJsonString();
    }

    private static string? TypeOf(string? detail) => detail?.Split('|', 3) is [_, string type, _] ? type : null;

    private static string Short(string type) => type[(type.LastIndexOf('.') + 1)..];
}
