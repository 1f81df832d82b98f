namespace AkkaScale.Cluster.Options;

/// <summary>Where the journal's tables are.</summary>
public enum StoreKind
{
    Postgres,

    /// <summary>One file; several processes of one host may share it.</summary>
    Sqlite,
}
