using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AkkaScale.Domain;
using AkkaScale.Domain.Projects;
using AkkaScale.Domain.TaskBuckets;
using AkkaScale.Domain.Tasks;
using AkkaScale.Domain.Users;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;

namespace AkkaScale.Node;

/// <summary>The task system's kinds as the engine runs them: the domain knows no engine, so its types are mapped here.</summary>
internal static class TaskSystem
{
    public static IEnumerable<IEntityKind> Kinds() =>
    [
        new EntityKindOf<UserState, UserCommand, UserEvent, UserView>(
            UserEntity.Kind, UserState.Initial, UserEntity.Decide, UserEntity.Evolve, UserEntity.Upcast, UserEntity.View, UserJson.Default,
            UserEntity.StateVersion).Build(UserJson.Default.UserView),
        new EntityKindOf<ProjectState, ProjectCommand, ProjectEvent, ProjectView>(
            ProjectEntity.Kind, ProjectState.Initial, ProjectEntity.Decide, ProjectEntity.Evolve, ProjectEntity.Upcast, ProjectEntity.View, ProjectJson.Default,
            ProjectEntity.StateVersion)
        {
            Messages = ProjectMessages.Of,
        }.Build(ProjectJson.Default.ProjectView),
        new EntityKindOf<TaskState, TaskCommand, TaskEvent, TaskView>(
            TaskEntity.Kind, TaskState.Initial, TaskEntity.Decide, TaskEntity.Evolve, TaskEntity.Upcast, TaskEntity.View, TaskJson.Default,
            TaskEntity.StateVersion)
        {
            Messages = TaskMessages.Of,
            Timers = TaskEntity.Timers,
            TimerCommand = _ => new RemindTask(),
        }.Build(TaskJson.Default.TaskView),
        new EntityKindOf<TaskBucketState, TaskBucketCommand, TaskBucketEvent, TaskBucketView>(
            TaskBucketEntity.Kind, TaskBucketState.Initial, TaskBucketEntity.Decide, TaskBucketEntity.Evolve, TaskBucketEntity.Upcast, TaskBucketEntity.View,
            TaskBucketJson.Default, TaskBucketEntity.StateVersion)
        {
            Messages = TaskBucketMessages.Of,
            SnapshotEvery = TaskBucketEntity.SnapshotEvery,
        }.Build(TaskBucketJson.Default.TaskBucketView),
    ];

    private delegate Domain.Decision<TEvent> Decide<in TState, in TCommand, TEvent>(TState state, TCommand command, in DomainContext context);

    private sealed record EntityKindOf<TState, TCommand, TEvent, TView>(
        string Name,
        TState Initial,
        Decide<TState, TCommand, TEvent> Decide,
        Func<TState, TEvent, long, DateTimeOffset, TState> Evolve,
        Func<TEvent, TEvent> Upcast,
        Func<TState, string, long, TView> View,
        System.Text.Json.Serialization.JsonSerializerContext Json,
        int StateVersion)
        where TState : class
        where TCommand : class
        where TEvent : class
    {
        public Func<TState, TEvent, string, IEnumerable<Message>>? Messages { get; init; }

        public Func<TState, IEnumerable<(string Name, DateTimeOffset Due)>>? Timers { get; init; }

        public Func<string, TCommand>? TimerCommand { get; init; }

        public int? SnapshotEvery { get; init; }

        public IEntityKind Build(JsonTypeInfo<TView> viewType)
        {
            var kind = EntityKind.Define<TState, TCommand, TEvent>(
                Name, Initial, DecideInEngine, (state, happened, context) => Evolve(state, happened, context.SequenceNr, context.At), Json);
            kind.StateVersion = StateVersion;
            kind.Upcast = Upcast;
            kind.SnapshotEvery = SnapshotEvery ?? kind.SnapshotEvery;
            if (Messages is { } messages)
            {
                kind.Messages = (before, happened, id) =>
                    messages(before, happened, id).Select(message => new EntityMessage(message.Kind, message.Id, message.Command));
            }

            if (Timers is { } timers)
            {
                kind.Timers = state => timers(state).Select(timer => new EntityTimer(timer.Name, timer.Due));
                kind.TimerCommand = TimerCommand;
            }

            kind.Reply = (output, state, id, version) => Write(output, View(state, id, version), viewType);
            return kind;
        }

        private Entities.Decision<TEvent> DecideInEngine(TState state, TCommand command, CommandContext context)
        {
            var decision = Decide(state, command, new DomainContext(context.EntityId, context.Version, context.ActingUser, context.At));
            return decision.Refusal is { } refusal
                ? new Entities.Refusal(refusal.Code, refusal.Detail)
                : Entities.Decision<TEvent>.Accept([.. decision.Events]);
        }

        private static void Write(IBufferWriter<byte> output, TView view, JsonTypeInfo<TView> viewType)
        {
            using var writer = new Utf8JsonWriter(output);
            JsonSerializer.Serialize(writer, view, viewType);
        }
    }
}
