using ExoConnect.Core.Authentication.Errors;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Http.Failures;

namespace ExoConnect.Cli.Output;

/// <summary>The text of an engine's failure on the command line.</summary>
internal static class ErrorText
{
    public static string Message(ExoException failure) =>
        failure is ServiceException { StatusCode: > 0 } ? failure.Message : CommandLineTerms.Translate(failure.Message);

    /// <summary>The remedy, then the ids for a support case.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="signInAgain">The command that signs the user of the sign-in in again; null for none.</param>
    public static IEnumerable<string> Details(ExoException failure, string? signInAgain = null)
    {
        if (Remedy(failure, signInAgain is not null) is { } remedy)
        {
            yield return CommandLineTerms.Translate(remedy);
        }

        if (signInAgain is not null && failure is SignInException { Category: ExoErrorCategory.AuthenticationError })
        {
            yield return $"Sign in again with: {signInAgain}";
        }

        var ids = new List<string> { failure.ErrorId };
        var signIn = failure as SignInException;
        Add("code ", signIn?.AadstsCode);
        Add("correlation id ", signIn?.CorrelationId);
        Add("trace id ", signIn?.TraceId);
        Add("client-request-id ", failure.ClientRequestId);
        Add("request-id ", failure.ServerRequestId);
        yield return $"({string.Join(", ", ids)})";

        static string? Remedy(ExoException failure, bool hasSignedIn) => failure.ErrorId switch
        {
            // The engine's remedy is about parameters that don't exist here.
            ErrorIds.InteractionRequired => hasSignedIn ? null
                : "Run the command at a terminal, or sign in without a prompt. exoconnect login takes --interactive if a user can sign in "
                + "although there is no terminal.",
            ErrorIds.SignInStoreMissing =>
                "On Linux, unlock a keyring with a Secret Service (gnome-keyring, KWallet); or, knowing that whoever can read the file can sign "
                + "in as this user, add --allow-plaintext-cache to exoconnect login.",
            _ => failure.Remedy,
        };

        void Add(string label, string? id)
        {
            if (!string.IsNullOrEmpty(id))
            {
                ids.Add(label + id);
            }
        }
    }
}
