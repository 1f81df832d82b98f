using System.Reflection;
using Akka.Persistence.Sql.Journal;
using Akka.Persistence.Sql.Snapshot;
using AkkaScale.Journal.Plugin;

namespace AkkaScale.Tests.Unit.Journal.Plugin;

/// <summary>
/// The journal stands on what the stock plugin lets a subclass replace. A new version may add a method that reads or writes past it, or
/// call the ones that we replace in another way: then look at the new version's code before changing the list.
/// </summary>
public sealed class OverriddenMembersTests
{
    [Fact]
    public void The_journals_overridable_members_are_those_that_were_looked_at() => Compare(
        typeof(SqlWriteJournal), typeof(FencedSqlJournal),
        [
            "AroundPostRestart(Exception, Object)",
            "AroundPostStop()",
            "AroundPreRestart(Exception, Object)",
            "AroundPreStart()",
            "AroundReceive(Receive, Object)",
            "* CheckHealthAsync(CancellationToken)",
            "* DeleteMessagesToAsync(String, Int64, CancellationToken)",
            "PostRestart(Exception)",
            "PostStop()",
            "PreRestart(Exception, Object)",
            "PreStart()",
            "* ReadHighestSequenceNrAsync(String, Int64, CancellationToken)",
            "ReceivePluginInternal(Object)",
            "* ReplayMessagesAsync(IActorContext, String, Int64, Int64, Int64, Action`1)",
            "SupervisorStrategy()",
            "Unhandled(Object)",
            "* WriteMessagesAsync(IEnumerable`1, CancellationToken)",
        ]);

    [Fact]
    public void The_snapshot_stores_overridable_members_are_those_that_were_looked_at() => Compare(
        typeof(SqlSnapshotStore), typeof(FencedSqlSnapshotStore),
        [
            "AroundPostRestart(Exception, Object)",
            "AroundPostStop()",
            "AroundPreRestart(Exception, Object)",
            "AroundPreStart()",
            "AroundReceive(Receive, Object)",
            "* CheckHealthAsync(CancellationToken)",
            "* DeleteAsync(SnapshotMetadata, CancellationToken)",
            "* DeleteAsync(String, SnapshotSelectionCriteria, CancellationToken)",
            "* LoadAsync(String, SnapshotSelectionCriteria, CancellationToken)",
            "PostRestart(Exception)",
            "PostStop()",
            "PreRestart(Exception, Object)",
            "PreStart()",
            "ReceivePluginInternal(Object)",
            "* SaveAsync(SnapshotMetadata, Object, CancellationToken)",
            "SupervisorStrategy()",
            "Unhandled(Object)",
        ]);

    /// <param name="expected">Each overridable member of the stock class; those that ours replaces with a star.</param>
    private static void Compare(Type stock, Type ours, string[] expected)
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var replaced = ours.GetMethods(All | BindingFlags.DeclaredOnly).Select(Signature).ToHashSet();
        var actual = stock.GetMethods(All)
            .Where(method => method is { IsVirtual: true, IsFinal: false } && !method.IsAssembly && method.DeclaringType != typeof(object))
            .Select(Signature)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(signature => replaced.Contains(signature) ? "* " + signature : signature);
        Assert.Equal(expected, actual);
    }

    private static string Signature(MethodInfo method) =>
        $"{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.Name))})";
}
