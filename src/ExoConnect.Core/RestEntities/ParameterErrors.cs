using ExoConnect.Core.Errors;

namespace ExoConnect.Core.RestEntities;

/// <summary>Makes the errors for invalid parameters, before any request.</summary>
internal static class ParameterErrors
{
    public static ExoException Invalid(string errorId, string parameter, object? value, string problem, string remedy) =>
        ArgumentErrors.Invalid(errorId, parameter, value, $"-{parameter}: {problem}", remedy);

    public static ExoException Combination(string cmdlet, string parameter, string other, string remedy) => ArgumentErrors.Invalid(
        ErrorIds.ParameterCombination, parameter, null, $"{cmdlet}: -{parameter} can't be used together with -{other}.", remedy);

    public static ExoException Missing(string cmdlet, string parameter, string why, string remedy) =>
        ArgumentErrors.Invalid(ErrorIds.MissingParameter, parameter, null, $"{cmdlet}: {why}", remedy);

    /// <summary>
    /// A text parameter's value, which must not be blank: the service ignores a blank one, so it would return everything.
    /// </summary>
    public static string? NotBlank(string parameter, string? value) => value is null || !string.IsNullOrWhiteSpace(value) ? value
        : throw Invalid(
            ErrorIds.BlankParameter,
            parameter,
            value,
            "the value is blank.",
            "Give a value, or leave the parameter out. Is the variable that it comes from empty?");
}
