namespace ExoConnect.Core.Errors;

/// <summary>Makes the errors for invalid arguments, before any request.</summary>
internal static class ArgumentErrors
{
    /// <summary>Makes the error.</summary>
    /// <param name="errorId">One of <see cref="ErrorIds"/>.</param>
    /// <param name="parameter">The parameter at fault, without its dash; null if none is.</param>
    /// <param name="target">The value at fault; null to hide it.</param>
    /// <param name="message">The error, as a sentence.</param>
    /// <param name="remedy">The remedy; null if the message says it.</param>
    /// <returns>The error, to be thrown.</returns>
    public static ExoException Invalid(string errorId, string? parameter, object? target, string message, string? remedy = null) => new(message)
    {
        ErrorId = errorId,
        Category = ExoErrorCategory.InvalidArgument,
        ParameterName = parameter,
        Target = target,
        Remedy = remedy,
    };
}
