using AkkaScale.Pbm.Load.Replay;

namespace AkkaScale.Pbm.Load;

/// <summary>What `pbm load` was asked to do.</summary>
/// <param name="Gateways">Empty: those of the loopback defaults that accept connections.</param>
public sealed record LoadRequest(
    string Trace, IReadOnlyList<Uri> Gateways, int Concurrency, int Limit, bool Verify, RetryOptions Retry, int MaxFailures);
