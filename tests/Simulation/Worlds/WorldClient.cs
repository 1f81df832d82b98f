using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.Tests.Unit.Sharding;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>
/// A client of the gateways: one operation after the other, retried under its key at any gateway until there is a definite answer, now and then twice
/// at the same time.
/// </summary>
internal sealed class WorldClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private readonly World _world;
    private readonly Random _random;
    private readonly Random _way;
    private readonly double[] _zipf;
    private int _operations;

    public WorldClient(World world, int number)
    {
        _world = world;
        Number = number;
        _random = world.Config.Streams.Of($"client/{number}");
        _way = world.Config.Streams.Of($"client/{number}/way");
        _zipf = new double[world.Config.Counters];
        var sum = 0.0;
        for (var rank = 0; rank < _zipf.Length; rank++)
        {
            _zipf[rank] = sum += 1 / Math.Pow(rank + 1, world.Config.ZipfExponent);
        }
    }

    public int Number { get; }

    /// <summary>Not yet answered for good; null between two.</summary>
    public Operation? Current { get; private set; }

    public void Begin() => _world.Agenda.After(_random.Between(0, 0.3), Next);

    private void Next()
    {
        Current = null;
        if (_world.Agenda.Now >= WorldConfig.LastCommand)
        {
            return;
        }

        var operation = Draw();
        Current = operation;
        _world.Witness.Invoked(operation);
        Send(operation);
        if (_random.Chance(0.08) && (operation.IsKeyed || operation.IsRead))
        {
            Send(operation);
        }
    }

    private Operation Draw()
    {
        var id = new Guid(Number, (short)(++_operations >> 16), (short)_operations, [8, 0, 0, 0, 0, 0, 0, 0]);
        var kind = _random.NextDouble();
        var entity = new EntityKey("counter", $"c-{Pick()}");
        var timeout = _random.Between(0.3, 3);
        object command;
        switch (kind)
        {
            case < 0.35:
                command = new Get();
                break;
            case < 0.68:
                command = new Add(_random.Next(1, 100));
                break;
            case < 0.82:
                command = new AddEach([.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => _random.Next(1, 9))]);
                break;
            case < 0.9:
                command = new Add(0);
                break;
            default:
                command = new Add(-1);
                break;
        }

        var isRead = command is Get;
        return new Operation(id, Number, entity, command, isRead, IsKeyed: !isRead && _random.Chance(0.85), timeout)
        {
            IsConfirmed = isRead && _random.Chance(0.3),
            ExpectedVersion = !isRead && _random.Chance(0.1) ? _world.Witness.FloorOf(entity) : null,
        };
    }

    private int Pick()
    {
        var at = _random.NextDouble() * _zipf[^1];
        var rank = 0;
        while (_zipf[rank] < at)
        {
            rank++;
        }

        return rank;
    }

    private void Send(Operation operation)
    {
        operation.Copies++;
        operation.Sent++;
        var nodes = _world.Nodes;
        var gateway = nodes[_way.Next(nodes.Count)];
        var (there, back, isLost, isReplyLost) = (
            _way.Between(0.0005, 0.01), _way.Between(0.0005, 0.01), _way.Chance(_world.Noise.LostFrame), _way.Chance(_world.Noise.LostFrame));
        var isOpen = true;
        _world.Agenda.After(operation.Timeout + Patience, () => Close(null));
        if (isLost)
        {
            return;
        }

        _world.Agenda.After(there, () =>
        {
            if (!gateway.IsRunning)
            {
                // Nobody listens: nothing was sent.
                _world.Agenda.After(back, () => Close(null));
                return;
            }

            var life = gateway.Life;
            gateway.Deliver(life, () => gateway.Router.Ask(operation.ToCommand(), _world.Kinds.Find(operation.Entity.Kind)!, operation.CommandId, reply =>
            {
                if (!isReplyLost)
                {
                    _world.Agenda.After(back, () => Close(reply));
                }
            }));
        });

        void Close(EntityReply? reply)
        {
            if (isOpen)
            {
                isOpen = false;
                operation.Copies--;
                OnAnswer(operation, reply);
            }
        }
    }

    private void OnAnswer(Operation operation, EntityReply? reply)
    {
        var isDefinite = reply is not null && _world.Witness.Answered(operation, reply);
        if (operation != Current)
        {
            return;
        }

        var givesUp = !operation.IsKeyed && !operation.IsRead;
        if (isDefinite || (givesUp && operation.Copies == 0))
        {
            if (!isDefinite)
            {
                _world.Witness.GivenUp(operation, reply);
            }

            Current = null;
            _world.Agenda.After(_random.Between(0.02, 0.4), Next);
        }
        else if (operation.Copies == 0 && !givesUp)
        {
            _world.Agenda.After(_way.Between(0.01, 0.3), () =>
            {
                if (operation == Current)
                {
                    Send(operation);
                }
            });
        }
    }
}
