using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.AdminApi.Responses;

/// <summary>A piece of a response, in the order the service sent it.</summary>
/// <param name="Objects">Objects (<see cref="ExoObject"/>, or what <see cref="HostTypes.Present"/> made of one), or plain values.</param>
/// <param name="Warnings">The cmdlet's warnings.</param>
/// <param name="Errors">The errors that the cmdlet reported beside its objects.</param>
/// <param name="ConfirmationMessage">What the cmdlet would do, in response to <c>WhatIf</c>.</param>
public sealed record ResponseChunk(
    IReadOnlyList<object> Objects, IReadOnlyList<string> Warnings, IReadOnlyList<ServiceException> Errors, string? ConfirmationMessage)
{
    /// <summary>True in the last piece if the service has more objects than the request's limit let through.</summary>
    public bool HasMore { get; init; }

    /// <summary>The number of its page, from 1.</summary>
    public int Page { get; init; } = 1;

    internal static ResponseChunk Empty { get; } = new([], [], [], null);

    /// <summary>True if the piece holds nothing at all.</summary>
    public bool IsEmpty => Objects.Count == 0 && Warnings.Count == 0 && Errors.Count == 0 && ConfirmationMessage is null && !HasMore;
}
