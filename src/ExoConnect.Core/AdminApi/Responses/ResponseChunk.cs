using ExoConnect.Core.Http.Failures;
using ExoConnect.Core.Objects;

namespace ExoConnect.Core.AdminApi.Responses;

/// <summary>A piece of a response, in the order the service sent it.</summary>
/// <param name="Objects">Objects (<see cref="ExoObject"/>, or what <see cref="HostTypes.Present"/> made of one), or plain values.</param>
/// <param name="Warnings">What the cmdlet warned of.</param>
/// <param name="Errors">Failures that the cmdlet reported beside its objects.</param>
/// <param name="ConfirmationMessage">What the cmdlet would do, where it was asked with <c>WhatIf</c>.</param>
public sealed record ResponseChunk(
    IReadOnlyList<object> Objects, IReadOnlyList<string> Warnings, IReadOnlyList<ServiceException> Errors, string? ConfirmationMessage)
{
    /// <summary>True in the last piece if the service has more objects than the request's limit let through.</summary>
    public bool HasMore { get; init; }

    /// <summary>The page it stood on, from 1.</summary>
    public int Page { get; init; } = 1;

    internal static ResponseChunk Empty { get; } = new([], [], [], null);

    /// <summary>True where the piece says nothing at all.</summary>
    public bool IsEmpty => Objects.Count == 0 && Warnings.Count == 0 && Errors.Count == 0 && ConfirmationMessage is null && !HasMore;
}
