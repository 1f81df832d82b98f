namespace AkkaScale.Pbm.Load.Replay;

/// <param name="Concurrency">Requests in flight at most.</param>
/// <param name="MaxFailures">After so many failed commands nothing more is sent: the cluster is gone.</param>
public sealed record ReplayOptions(int Concurrency, int MaxFailures);
