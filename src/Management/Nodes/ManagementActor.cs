using Akka.Actor;

namespace AkkaScale.Management.Nodes;

/// <summary>Answers the management ports of other nodes: what this one says of itself, and orders for drills of it.</summary>
internal sealed class ManagementActor : ReceiveActor
{
    public const string Name = "akkascale-management";

    public ManagementActor(NodeReporting reporting, NodeDrill drill, NodeLog log)
    {
        var system = Context.System;
        Receive<AskReport>(_ => reporting.ReportAsync(system).PipeTo(Sender, Self, report => new ReportAnswer(report)));
        Receive<AskLog>(ask => Sender.Tell(log.Answer(ask)));
        Receive<OrderLogLevel>(order => Sender.Tell(log.Answer(order, system)));
        Receive<OrderDrill>(order => Sender.Tell(drill.Answer(order)));

        // Who asked has given up by then.
        Receive<Status.Failure>(static _ => { });
    }

    public static Props Props(NodeReporting reporting, NodeDrill drill, NodeLog log) =>
        Akka.Actor.Props.Create(() => new ManagementActor(reporting, drill, log));
}
