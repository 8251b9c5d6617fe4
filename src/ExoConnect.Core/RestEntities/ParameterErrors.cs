using ExoConnect.Core.Errors;

namespace ExoConnect.Core.RestEntities;

/// <summary>Makes the errors for parameters that cannot work, before any request.</summary>
internal static class ParameterErrors
{
    public static ExoException Invalid(string errorId, string parameter, object? value, string problem, string remedy) => new(
        $"-{parameter}: {problem}")
    {
        ErrorId = errorId,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = parameter,
        Target = value,
        Remedy = remedy,
    };

    public static ExoException Combination(string cmdlet, string parameter, string other, string remedy) => new(
        $"{cmdlet}: -{parameter} can't be used together with -{other}.")
    {
        ErrorId = "ParameterCombination",
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = parameter,
        Remedy = remedy,
    };

    public static ExoException Missing(string cmdlet, string parameter, string why, string remedy) => new($"{cmdlet}: {why}")
    {
        ErrorId = "MissingParameter",
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = parameter,
        Remedy = remedy,
    };

    /// <summary>
    /// A text parameter's value, which must not be blank: for the service a blank one is as good as none, so it would answer for
    /// everything.
    /// </summary>
    public static string? NotBlank(string parameter, string? value) => value is null || !string.IsNullOrWhiteSpace(value) ? value
        : throw Invalid(
            "BlankParameter",
            parameter,
            value,
            "the value is blank.",
            "Give a value, or leave the parameter out. Is the variable that it comes from empty?");
}
