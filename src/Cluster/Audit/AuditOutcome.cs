namespace AkkaScale.Cluster.Audit;

/// <summary>What became of a changing call. The numbers are stored: append only.</summary>
internal enum AuditOutcome
{
    /// <summary>It began, and nobody wrote down how it ended: it still runs, or its node died over it.</summary>
    Unknown = 0,

    /// <summary>Let in, and carried out.</summary>
    Allowed = 1,

    /// <summary>Not let in.</summary>
    Denied = 2,

    /// <summary>Let in, and answered with an error.</summary>
    Failed = 3,
}
