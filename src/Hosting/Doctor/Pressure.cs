namespace AkkaScale.Hosting.Doctor;

/// <summary>How full a node's bounded rooms are.</summary>
/// <param name="OpenFiles">Null where the system does not say.</param>
internal sealed record Pressure(
    long RouterWaiting,
    long RouterBound,
    long Residents,
    long ResidentBound,
    long RecoveriesWaiting,
    long RecoveryLimit,
    long? OpenFiles,
    long? FileLimit);
