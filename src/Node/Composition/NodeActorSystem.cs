using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Hosting.Logging;
using Akka.Remote.Hosting;
using AkkaScale.Cluster.Hosting;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Hosting;
using AkkaScale.Journal.Options;
using AkkaScale.Node.Host;
using AkkaScale.Node.Lifecycle;
using AkkaScale.Node.Options;
using AkkaScale.Sharding.Hosting;

namespace AkkaScale.Node.Composition;

/// <summary>The actor system of a node: remoting, cluster, the database's plug-ins, journal, entities.</summary>
internal static class NodeActorSystem
{
    /// <summary>Of the time for a stop, what handing the shards over may take.</summary>
    private const double HandOverShare = 0.5;

    public static void AddTo(NodeBuilder builder) => builder.Services.AddAkka<NodeSystemService>(
        builder.Options.Cluster.Name,
        (akka, services) => Configure(
            akka, builder, services));

    private static void Configure(AkkaConfigurationBuilder akka, NodeBuilder builder, IServiceProvider services)
    {
        var (exit, loggers) = (services.GetRequiredService<NodeExit>(), services.GetRequiredService<ILoggerFactory>());
        var (node, options) = (builder.Options.Node, builder.Options);
        var (bound, advertised) = (HostPort.Of(node.ClusterBind, ""), HostPort.Of(node.ClusterBind, node.ClusterAdvertise));
        var (store, connection) = builder.Database;
        akka
            .AddSetup(new LoggerFactorySetup(loggers))
            .ConfigureLoggers(logging =>
            {
                logging.ClearLoggers();
                logging.AddLogger<NodeLogger>();
                logging.LogLevel = Akka.Event.LogLevel.InfoLevel;
            })
            .WithRemoting(new RemoteOptions
            {
                HostName = bound.Host,
                Port = bound.Port,
                PublicHostName = advertised.Host,
                PublicPort = advertised.Port,
            })
            .WithClustering(new ClusterOptions { Roles = [.. node.RoleNames] })
            .WithDatabaseCluster(cluster =>
            {
                (cluster.Store, cluster.ConnectionString, cluster.Cluster) = (store, connection, options.Cluster.Name);
                cluster.NodeName = node.Name;
                cluster.ManagementUrl = HostPort.Of(node.ManagementBind, node.ManagementAdvertise).Url;
                cluster.GatewayUrl = node.IsGateway ? HostPort.Of(node.GatewayBind, "").Url : null;
                cluster.Version = NodeBuilder.ProductVersion;
                (cluster.TimeToLive, cluster.DetectEndedProcesses) = (options.Cluster.TimeToLive, options.Cluster.DetectEndedProcesses);
                (cluster.AllowPlaintext, cluster.Tls) = (node.AllowPlaintext, options.Tls);
                cluster.OnEnd = exit.End;
            })
            .WithDatabaseBootstrap()
            .StartActors((ActorStarter)((system, _) => OpenJournalAsync(system, exit)))
            .WithFencedSqlJournal(journal => (journal.Store, journal.ConnectionString) = (store, connection))
            .WithEntities(builder.Kinds, options.Sharding)
            .AddHocon(Settings(node.ShutdownTimeout), HoconAddMode.Prepend);
    }

    /// <summary>The journal's word of refusal is the operator's, not a fault of the program with a page of stack.</summary>
    private static async Task OpenJournalAsync(ActorSystem system, NodeExit exit)
    {
        try
        {
            await FencedJournals.For(system).Get("akka.persistence.journal.sql").Opening;
        }
        catch (JournalRefusedException refused)
        {
            exit.End(NodeEnd.Refused, refused.Message);
        }
    }

    private static string Settings(TimeSpan shutdown) => FormattableString.Invariant(
        $$"""
        akka {
            # Before and after the log takes what Akka has to say it would print in a form of its own; what matters then is thrown.
            stdout-loglevel = WARNING

            # A node that leaves drops what it still has in its mailboxes: senders repeat it.
            log-dead-letters = off
            log-dead-letters-during-shutdown = off

            # Within the time that the node has for a stop.
            coordinated-shutdown.phases.cluster-sharding-shutdown-region.timeout = {{(shutdown * HandOverShare).TotalMilliseconds:F0}}ms
        }
        """);
}
