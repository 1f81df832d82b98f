using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using Akka.Actor;
using Akka.Cluster;
using AkkaScale.Cluster.Members;

namespace AkkaScale.Tests.Unit.Events;

/// <summary>Members as Akka's events have them, and their rows.</summary>
internal static class Gossip
{
    // Akka makes members by this alone, and does not show it.
    private static readonly MethodInfo Create = typeof(Member).GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
        .Single(method => method.Name == "Create" && method.GetParameters().Length == 5);

    /// <summary>The node of that name, always the same incarnation.</summary>
    public static Member Member(string name, MemberStatus status) => (Member)Create.Invoke(
        null,
        [
            new UniqueAddress(new Address("akka.tcp", "test", name, 4053), Number(name)), 1, status,
            ImmutableHashSet.Create("gateway", "entity"), AppVersion(),
        ])!;

    public static string AddressOf(string name) => $"akka.tcp://test@{name}:4053";

    public static NodeRow Row(string name, string? reason = null) => new(
        $"i{Number(name)}", name, AddressOf(name), Number(name), $"http://{name}:8558/", null, ["entity"], "1.0", 1, NodeState.Live, 7, true, reason,
        new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc));

    private static int Number(string name) => int.Parse(name[^1..], CultureInfo.InvariantCulture);

    private static object AppVersion() => Create.GetParameters()[4].ParameterType.GetField("Zero", BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;
}
