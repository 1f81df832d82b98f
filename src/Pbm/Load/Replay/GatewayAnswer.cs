namespace AkkaScale.Pbm.Load.Replay;

/// <summary>What a gateway said to one attempt.</summary>
/// <param name="Version">From the body; null where it carries none.</param>
/// <param name="ETag">The version in the header; null where there is none.</param>
/// <param name="Code">Of a problem; null otherwise.</param>
public sealed record GatewayAnswer(
    int Status,
    long? Version,
    long? ETag,
    string? Code,
    bool Replayed,
    TimeSpan? RetryAfter,
    ReadOnlyMemory<byte> Body)
{
    public bool IsAccepted => Status is 200 or 201;

    /// <summary>A rule said no: the command has no effect and never will under its key.</summary>
    public bool IsRefusal => Code is not null && Status is 404 or 409 or 410 or 412;

    /// <summary>To be repeated with the same key. 502 is what a proxy in front says when its gateway died.</summary>
    public bool IsRetryable => Status is 429 or 502 or 503 or 504;
}
