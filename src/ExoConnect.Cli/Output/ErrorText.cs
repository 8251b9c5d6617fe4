using ExoConnect.Core;
using ExoConnect.Core.AdminApi;
using ExoConnect.Core.Authentication;

namespace ExoConnect.Cli.Output;

/// <summary>An engine's failure in the words of the command line.</summary>
internal static class ErrorText
{
    public static string Message(ExoException failure) =>
        failure is ServiceException { StatusCode: > 0 } ? failure.Message : CommandLineTerms.Translate(failure.Message);

    /// <summary>The remedy, then what a support case asks for.</summary>
    public static IEnumerable<string> Details(ExoException failure)
    {
        if (failure.Remedy is { } remedy)
        {
            yield return CommandLineTerms.Translate(remedy);
        }

        var ids = new List<string> { failure.ErrorId };
        var signIn = failure as SignInException;
        Add("code ", signIn?.AadstsCode);
        Add("correlation id ", signIn?.CorrelationId);
        Add("trace id ", signIn?.TraceId);
        Add("client-request-id ", failure.ClientRequestId);
        Add("request-id ", failure.ServerRequestId);
        yield return $"({string.Join(", ", ids)})";

        void Add(string label, string? id)
        {
            if (!string.IsNullOrEmpty(id))
            {
                ids.Add(label + id);
            }
        }
    }
}
