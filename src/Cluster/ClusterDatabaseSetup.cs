using Akka.Actor.Setup;
using AkkaScale.Cluster.Leases;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Tls;

namespace AkkaScale.Cluster;

/// <summary>Carries what the builder knows to the system's <see cref="ClusterMembership"/>, and to plug-ins configured beside it.</summary>
public sealed class ClusterDatabaseSetup : Setup
{
    /// <exception cref="ClusterRefusedException">A certificate cannot be read, or would be refused by every member.</exception>
    internal ClusterDatabaseSetup(ClusterDatabaseOptions options)
    {
        Options = options;
        Certificates = options.Tls.IsSet ? ClusterCertificates.Load(options.Tls, options.Cluster) : null;

        // Time-ordered, so that of two incarnations the older one is the lower.
        Incarnation = Guid.CreateVersion7(options.Time.GetUtcNow()).ToString("N");
        Book = new MemberLeaseBook(new LeaseState(Incarnation));
    }

    public ClusterDatabaseOptions Options { get; }

    /// <summary>Of this process's start; also the application name of its database connections.</summary>
    public string Incarnation { get; }

    public ILeaseBook Leases => Book;

    public LeaseMap Map { get; } = new();

    /// <summary>
    /// To be called, with the reason, by whoever finds that the database may have lost what was read from it (a replica took over): every shard
    /// stops and begins anew. Does nothing before the system runs.
    /// </summary>
    public Action<string> DropMemory { get; internal set; } = static _ => { };

    /// <summary>Null: remoting is in plain text.</summary>
    public ClusterCertificates? Certificates { get; }

    internal MemberLeaseBook Book { get; }
}
