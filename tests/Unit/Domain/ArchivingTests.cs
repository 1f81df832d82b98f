using AkkaScale.Domain;
using AkkaScale.Domain.Projects;
using AkkaScale.Domain.TaskBuckets;
using AkkaScale.Domain.Tasks;
using Xunit;

namespace AkkaScale.Tests.Unit.Domain;

/// <summary>
/// Tasks, buckets and projects that send each other messages, in order from one to another and in no order otherwise: when all have arrived, a task is
/// frozen exactly if its project is archived, whatever overtook what.
/// </summary>
public sealed class ArchivingTests
{
    private static readonly string[] Projects = ["a", "b"];
    private static readonly string[] Tasks = [.. Enumerable.Range(0, 8).Select(index => $"t-{index}")];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_task_ends_as_its_project_is(int seed)
    {
        var world = new World();
        var random = new Random(seed);
        foreach (var project in Projects)
        {
            world.Say("project", project, new CreateProject(project, "olga"));
        }

        for (var step = 0; step < 600; step++)
        {
            Change(world, random);
            while (random.Next(3) > 0 && world.Deliver(random))
            {
            }
        }

        while (world.Deliver(random))
        {
        }

        world.AssertSettled();
    }

    private static void Change(World world, Random random)
    {
        var project = Projects[random.Next(Projects.Length)];
        var task = Tasks[random.Next(Tasks.Length)];
        switch (random.Next(12))
        {
            case 0:
                world.Say("project", project, new ArchiveProject());
                break;
            case 1:
                world.Say("project", project, new RestoreProject());
                break;
            case < 4:
                world.Say("task", task, new CreateTask(project, "Launch", Priority.Normal, []));
                break;
            case < 9:
                // The edge would ask the project first; a race is as if it had not.
                world.Say("task", task, new MoveTask(project));
                break;
            case 9 when random.Next(20) == 0:
                world.Say("task", task, new DeleteTask());
                break;
        }
    }

    private sealed class World
    {
        private readonly Dictionary<string, ProjectState> _projects = [];
        private readonly Dictionary<string, TaskState> _tasks = [];
        private readonly Dictionary<string, TaskBucketState> _buckets = [];
        private readonly SortedDictionary<string, Queue<Message>> _channels = new(StringComparer.Ordinal);

        public void Say(string kind, string id, object command)
        {
            switch (kind)
            {
                case "project":
                    Run(_projects, ProjectState.Initial, kind, id, (ProjectCommand)command, ProjectEntity.Decide, EvolveProject, ProjectMessages.Of);
                    break;
                case "task":
                    Run(_tasks, TaskState.Initial, kind, id, (TaskCommand)command, TaskEntity.Decide, TaskEntity.Evolve, TaskMessages.Of);
                    break;
                default:
                    Run(
                        _buckets, TaskBucketState.Initial, kind, id, (TaskBucketCommand)command, TaskBucketEntity.Decide, TaskBucketEntity.Evolve,
                        TaskBucketMessages.Of);
                    break;
            }
        }

        /// <summary>The oldest message of any channel. False if there is none.</summary>
        public bool Deliver(Random random)
        {
            var waiting = _channels.Values.Where(channel => channel.Count > 0).ToArray();
            if (waiting.Length == 0)
            {
                return false;
            }

            var message = waiting[random.Next(waiting.Length)].Dequeue();
            Say(message.Kind, message.Id, message.Command);
            return true;
        }

        public void AssertSettled()
        {
            Assert.Contains(_tasks.Values, task => task.Exists);
            foreach (var (id, task) in _tasks.Where(task => task.Value is { Exists: true, Deleted: false }))
            {
                Assert.True(task.Frozen == _projects[task.Project].Archived, $"{id} is frozen: {task.Frozen}; {task.Project} is not alike.");
                Assert.Contains(id, _buckets[TaskBucketId.Of(task.Project, id)].Tasks);
            }

            var alive = _tasks.Values.Count(task => task is { Exists: true, Deleted: false });
            Assert.Equal(alive, _buckets.Values.Sum(bucket => bucket.Tasks.Count));
            Assert.All(_buckets.Values, bucket => Assert.Null(bucket.Told));
        }

        private static ProjectState EvolveProject(ProjectState state, ProjectEvent e, long sequenceNr, DateTimeOffset at) =>
            ProjectEntity.Evolve(state, e, state.Exists ? 2 : 1, at);

        private void Run<TState, TCommand, TEvent>(
            Dictionary<string, TState> states, TState initial, string kind, string id, TCommand command, Decide<TState, TCommand, TEvent> decide,
            Evolve<TState, TEvent> evolve, Func<TState, TEvent, string, IEnumerable<Message>> messages)
        {
            var state = states.GetValueOrDefault(id, initial);
            foreach (var e in decide(state, command, new DomainContext(id, 1, "ann", DateTimeOffset.UnixEpoch)).Events)
            {
                foreach (var message in messages(state, e, id))
                {
                    var channel = $"{kind}/{id} {message.Kind}/{message.Id}";
                    (_channels.TryGetValue(channel, out var queue) ? queue : _channels[channel] = new()).Enqueue(message);
                }

                state = evolve(state, e, 2, DateTimeOffset.UnixEpoch);
            }

            states[id] = state;
        }
    }
}
