using Akka.Configuration;
using Akka.Hosting;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Plugin;

namespace AkkaScale.Cluster.Hosting;

/// <summary>Every HOCON setting of the plug-ins that differs from Akka's default, and why.</summary>
internal static class ClusterSettings
{
    public const string Lease = "akkascale.lease";
    public const string Discovery = "akkascale";

    /// <remarks>The intervals are for clusters of up to some ten nodes; what they cost at a hundred is to be measured.</remarks>
    public static Config Membership { get; } = ConfigurationFactory.ParseString(
        $$"""
        akka.cluster {
            # A member alone does not decide who is gone, and a side of a partition does not either.
            downing-provider-class = "{{typeof(DatabaseDowningProvider).AssemblyQualifiedName}}"

            # "off" means as long as a split-brain resolver would wait, although none runs.
            down-removal-margin = 1ms

            # Nodes that can each serve alone; more would keep a new coordinator from allocating until so many regions have registered.
            min-nr-of-members = 1

            failure-detector {
                implementation-class = "{{typeof(DatabaseFailureDetector).AssemblyQualifiedName}}"

                # What is dead is known from the database. Heartbeats find who cannot be reached though it lives; they share the thread
                # pool with everything else, so a busy machine delays them by a second.
                heartbeat-interval = 300ms
                acceptable-heartbeat-pause = 1500ms
                expected-response-after = 300ms

                # All, so that a death is seen by those who are left however many go at once.
                monitored-by-nr-of-members = 9
            }

            # How soon a death that is known becomes a removal: unreachable, gossip, leader, one after the other.
            unreachable-nodes-reaper-interval = 50ms
            leader-actions-interval = 50ms
            gossip-interval = 100ms
            gossip-time-to-live = 2s

            # The join decider has asked the database; Akka's own seeds are not used.
            seed-nodes = []

            # A shorter hand-over of the coordinators when the oldest member goes.
            singleton.hand-over-retry-interval = 200ms
        }

        # A peer that restarted, or a network that is whole again, is noticed soon: the operating system repeats what opens a connection after
        # 1, 2, 4, 8 s, and everything for that peer waits for the one attempt under way (15 s by default).
        akka.remote {
            retry-gate-closed-for = 1s
            dot-netty.tcp.connection-timeout = 5s

            # For actors on hosts that are no members (members are removed by the cluster). A region may be told of a home on a member that
            # has just been removed: it sends there for as long as this takes (10 s by default) and more.
            watch-failure-detector {
                heartbeat-interval = 300ms
                acceptable-heartbeat-pause = 1500ms
                expected-response-after = 300ms
                unreachable-nodes-reaper-interval = 300ms
            }
        }

        akka.coordinated-shutdown {
            # The end of the process is ours: by exit code, and by SIGKILL if it hangs.
            exit-clr = off
            run-by-clr-shutdown-hook = off
        }
        """);

    public static Config Leases { get; } = ConfigurationFactory.ParseString(
        $$"""
        {{Lease}} {
            lease-class = "{{typeof(SqlLease).AssemblyQualifiedName}}"

            # Akka's lease waits in the database's queue; these are for leases that poll.
            heartbeat-timeout = 120s
            heartbeat-interval = 12s
            lease-operation-timeout = 60s
        }

        akka.cluster.sharding {
            use-lease = {{Lease}}
            lease-retry-interval = 100ms

            # "persistence" is deprecated and breaks on its own rows.
            state-store-mode = ddata
            remember-entities = off

            retry-interval = 100ms
            rebalance-interval = 500ms
            coordinator-failure-backoff = 500ms
            shard-failure-backoff = 500ms
            shard-start-timeout = 2s

            # An owner that dies in the middle of a move, before it has said that it knows of it, stalls that shard for as long (60 s by default).
            # A hand-over that takes longer is given up and ordered again; an entity that does not stop is stopped after 1 s.
            handoff-timeout = 3s
            waiting-for-state-timeout = 1s
            updating-state-timeout = 1s

            # By default a majority means all nodes up to five, a dead one included. A coordinator with stale state costs time only:
            # the lease decides where a shard runs.
            coordinator-state {
                write-majority-plus = 0
                read-majority-plus = 0
            }
            distributed-data {
                majority-min-cap = 1
                gossip-interval = 200ms
                notify-subscribers-interval = 100ms
            }
        }
        """);

    public static Config Bootstrap(Uri management) => ConfigurationFactory.ParseString(
        $$"""
        akka.discovery {
            method = {{Discovery}}
            {{Discovery}}.class = "{{typeof(DatabaseDiscovery).AssemblyQualifiedName}}"
        }

        # Told to Akka.Management only so that it knows itself among the contact points; its own HTTP server does not run.
        akka.management.http {
            hostname = {{management.Host.ToHocon()}}
            port = {{management.Port}}
        }

        akka.management.cluster.bootstrap {
            contact-point-discovery {
                service-name = {{Discovery}}
                discovery-method = {{Discovery}}

                # The margins exist to see everybody before one founds. The database decides who founds, so nothing waits for them.
                stable-margin = 0s
                interval = 200ms
                exponential-backoff-random-factor = 0.1
                exponential-backoff-max = 1s
                required-contact-point-nr = 1
                contact-with-all-contact-points = false
                resolve-timeout = 1s
            }
            contact-point {
                # Rows name the port; nodes on one host have several.
                filter-on-fallback-port = false
                fallback-port = {{management.Port}}
                probe-interval = 200ms
                probe-interval-jitter = 0.1
                probing-failure-timeout = 1s
            }
            join-decider.class = "{{typeof(DatabaseJoinDecider).AssemblyQualifiedName}}"
        }
        """);
}
