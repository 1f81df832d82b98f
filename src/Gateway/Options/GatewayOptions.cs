namespace AkkaScale.Gateway.Options;

/// <summary>How the HTTP edge behaves; validated when the gateway is built.</summary>
public sealed class GatewayOptions
{
    /// <summary>Goes into ids that are derived from idempotency keys, so that two clusters never derive the same.</summary>
    public string ClusterName { get; set; } = "akkascale";

    /// <summary>How long a request is tried when it does not say.</summary>
    public TimeSpan DefaultWait { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest that a request may ask for with <c>Prefer: wait</c>; at most 30 s, the client's bound.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Told in <c>Retry-After</c> with 429 and 503, in whole seconds.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <exception cref="ArgumentException">Says which option, and what it may be.</exception>
    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(ClusterName))
        {
            throw new ArgumentException("ClusterName must not be empty.");
        }

        if (LongestWait < TimeSpan.FromSeconds(1) || LongestWait > TimeSpan.FromSeconds(30))
        {
            throw new ArgumentException($"LongestWait is {LongestWait}: it must be from 1 to 30 seconds.");
        }

        if (DefaultWait <= TimeSpan.Zero || DefaultWait > LongestWait)
        {
            throw new ArgumentException($"DefaultWait is {DefaultWait}: it must be positive and at most LongestWait, {LongestWait}.");
        }

        if (RetryAfter < TimeSpan.FromSeconds(1))
        {
            throw new ArgumentException($"RetryAfter is {RetryAfter}: it must be at least one second.");
        }
    }
}
