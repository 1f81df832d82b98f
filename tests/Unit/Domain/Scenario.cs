using AkkaScale.Domain.Projects;
using AkkaScale.Domain.Tasks;
using AkkaScale.Domain.Users;
using AkkaScale.Entities;
using Xunit;

namespace AkkaScale.Tests.Unit.Domain;

/// <summary>Folds one event more.</summary>
internal delegate TState Evolve<TState, TEvent>(TState state, TEvent e, EventContext context);

internal delegate Decision<TEvent> Decide<TState, TCommand, TEvent>(TState state, TCommand command, CommandContext context);

/// <summary>Given events, when a command comes, then events, a refusal or nothing. "ann" acts; event n happened n minutes after noon.</summary>
internal sealed class Scenario<TState, TCommand, TEvent>(
    TState initial, Decide<TState, TCommand, TEvent> decide, Evolve<TState, TEvent> evolve)
    where TState : class
{
    public const string Actor = "ann";

    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private Decision<TEvent> _decision;

    public TState State { get; private set; } = initial;

    public long Version { get; private set; }

    public static DateTimeOffset TimeOf(long sequenceNr) => Noon.AddMinutes(sequenceNr);

    public Scenario<TState, TCommand, TEvent> Given(params TEvent[] events)
    {
        foreach (var e in events)
        {
            State = evolve(State, e, new EventContext("id-1", ++Version, TimeOf(Version)));
        }

        return this;
    }

    public Scenario<TState, TCommand, TEvent> When(TCommand command)
    {
        _decision = decide(State, command, new CommandContext("id-1", Version, Actor, TimeOf(Version + 1)));
        return this;
    }

    /// <summary>Exactly these events, and the state after them.</summary>
    public TState Then(params TEvent[] events)
    {
        Assert.Null(_decision.Refusal);
        Assert.NotEmpty(events);
        Assert.Equal(events, _decision.Events);
        return Given(events).State;
    }

    public void Refused(string code)
    {
        Assert.Equal(code, _decision.Refusal?.Code);
        Assert.EndsWith(".", _decision.Refusal!.Detail, StringComparison.Ordinal);
        Assert.Empty(_decision.Events);
    }

    public void Unchanged()
    {
        Assert.Null(_decision.Refusal);
        Assert.Empty(_decision.Events);
    }
}

internal static class Scenario
{
    public static Scenario<TaskState, TaskCommand, TaskEvent> Task(params TaskEvent[] events) =>
        new Scenario<TaskState, TaskCommand, TaskEvent>(TaskState.Initial, TaskEntity.Decide, TaskEntity.Evolve).Given(events);

    public static Scenario<ProjectState, ProjectCommand, ProjectEvent> Project(params ProjectEvent[] events) =>
        new Scenario<ProjectState, ProjectCommand, ProjectEvent>(ProjectState.Initial, ProjectEntity.Decide, ProjectEntity.Evolve).Given(events);

    public static Scenario<UserState, UserCommand, UserEvent> User(params UserEvent[] events) =>
        new Scenario<UserState, UserCommand, UserEvent>(UserState.Initial, UserEntity.Decide, UserEntity.Evolve).Given(events);
}
