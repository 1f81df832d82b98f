using AkkaScale.Entities;
using AkkaScale.Journal.Options;
using AkkaScale.Sharding.Events;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Options;
using CsCheck;

namespace AkkaScale.Tests.Unit.EntitySharding;

/// <summary>Clients that repeat, writes that fail, stops, restarts from snapshots and with forgotten commands, in any order.</summary>
public sealed class EntityProperties
{
    [Fact]
    public void Each_command_takes_effect_at_most_once_and_every_attempt_gets_the_one_answer() =>
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 19]).Array[0, 150].Sample(
            history =>
            {
                var world = new World();
                foreach (var (op, argument) in history)
                {
                    world.Do(op, argument);
                }

                world.Finish();
            },
            iter: 2_500);

    private sealed class World
    {
        private readonly EntityConversation _entity = new(new EntityShardingOptions { RememberedCommands = 3 }, snapshotEvery: 4);
        private readonly List<(int Command, EntityConversation.Caller Caller)> _asked = [];
        private readonly Dictionary<int, int> _attempts = [];
        private readonly HashSet<Guid> _lookedUp = [];
        private long _highest;

        public void Do(int op, int argument)
        {
            switch (op)
            {
                case <= 4:
                    Ask(argument);
                    break;
                case 5 or 6 when _entity.UnderWay.Count > 0:
                    _entity.Durable();
                    break;
                case 7 when _lookedUp.Count > 0:
                    var id = _lookedUp.First();
                    _lookedUp.Remove(id);
                    _entity.Answer(id, argument == 0 ? "away" : null);
                    break;
                case 8:
                    _entity.Stop();
                    break;
                case 9 when argument < 6:
                    _entity.End(Math.Min(argument, _entity.UnderWay.Count));
                    Restart(argument);
                    break;
                case 10 when _entity.HasStopped:
                    Restart(argument);
                    break;
                case 11:
                    var read = _entity.Ask(new Get());
                    _asked.Add((-1, read));
                    break;
            }

            Collect();
            Check();
        }

        /// <summary>Whoever has no answer asks until there is one.</summary>
        public void Finish()
        {
            for (var round = 0; round < 5; round++)
            {
                if (_entity.HasStopped || _entity.State.IsStopping)
                {
                    _entity.End();
                    Restart(round);
                }

                foreach (var command in _attempts.Keys.ToList())
                {
                    Ask(command);
                    Collect();
                    Settle();
                }
            }

            Check();
            foreach (var command in _attempts.Keys)
            {
                Assert.Contains(_asked, asked => asked.Command == command && asked.Caller.Outcome?.Kind == OutcomeKind.Answered);
            }

            Assert.Equal(0, _entity.State.Unanswered);
        }

        private void Settle()
        {
            while (_lookedUp.Count > 0 || _entity.UnderWay.Count > 0)
            {
                foreach (var id in _lookedUp.ToList())
                {
                    _lookedUp.Remove(id);
                    _entity.Answer(id);
                    Collect();
                }

                _entity.AllDurable();
                Collect();
            }
        }

        private void Restart(int argument)
        {
            _lookedUp.Clear();
            _entity.Restart(fromSnapshot: argument % 2 == 0);
        }

        /// <summary>
        /// Odd commands are refused at each second attempt and would be accepted at the others, so that a second decision shows.
        /// </summary>
        private void Ask(int command)
        {
            var attempt = _attempts.GetValueOrDefault(command);
            _attempts[command] = attempt + 1;
            var isKey = command % 3 == 0;
            var precondition = command % 2 == 1 && attempt % 2 == 0 ? new Refusal("other/rule", "") : null;
            var id = new Guid(command + 1, 0, 0, new byte[8]);
            var caller = _entity.Ask(
                new Add(command % 5 == 4 ? 0 : 1), id, isKey, isKey ? 0 : attempt + 1, precondition: precondition);
            _asked.Add((command, caller));
        }

        private void Collect()
        {
            if (_entity.LookedUp is { } id)
            {
                _lookedUp.Add(id);
            }
        }

        private void Check()
        {
            // The journal: versions without a gap, no command twice, its own fold.
            var versions = _entity.Journal.OfType<EntityEvent>().Select(row => row.Version).ToList();
            Assert.Equal(Enumerable.Range(1, versions.Count).Select(version => (long)version), versions);
            var commands = _entity.Journal.Select(row => ((IHasCommandId)row).CommandId).OfType<string>().ToList();
            Assert.Equal(commands.Count, commands.Distinct().Count());

            // All answers to one command are the same.
            foreach (var answers in _asked.Where(asked => asked.Command >= 0 && asked.Caller.Outcome?.Kind == OutcomeKind.Answered)
                .GroupBy(asked => asked.Command))
            {
                Assert.Single(answers.Select(asked => asked.Caller.Reply)
                    .Select(reply => (reply.Status, reply.Code, reply.Version)).Distinct());
            }

            // Nothing that was told is missing, and reads never go back.
            foreach (var answered in _entity.Answered.Where(caller => caller.Outcome!.Kind == OutcomeKind.Answered))
            {
                Assert.True(answered.Reply.Version <= versions.Count, "An answer shows what is not in the journal.");
            }

            var latest = _entity.Answered.Where(caller => caller.Outcome!.Kind == OutcomeKind.Answered && !caller.Reply.Replayed)
                .Select(caller => caller.Reply.Version).LastOrDefault();
            Assert.True(latest >= _highest, "An answer shows an older state than one before it.");
            _highest = latest;
        }
    }
}
