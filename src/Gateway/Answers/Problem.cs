using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway.Answers;

/// <summary>Why a request is not done: an RFC 9457 answer in the making.</summary>
/// <param name="Code">Stable; the problem type is made of it.</param>
/// <param name="Detail">A sentence for people.</param>
internal sealed record Problem(int Status, string Code, string Detail)
{
    /// <summary>Of the entity that answered; null if none did.</summary>
    public long? Version { get; init; }

    public bool Replayed { get; init; }

    /// <summary>The request may be repeated after a while.</summary>
    public bool Retry { get; init; }

    /// <summary>The methods the addressed resource has, for 405.</summary>
    public string? Allow { get; init; }

    /// <summary>The connection is in doubt: close it.</summary>
    public bool Close { get; init; }

    public static Problem BadRequest(string code, string detail) => new(StatusCodes.Status400BadRequest, code, detail);
}
