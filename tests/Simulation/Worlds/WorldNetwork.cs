namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>
/// Frames between processes: delayed, lost, doubled and in any order, unless the sender asks for the order of a connection. A cut may go one way; both
/// sides notice it after a while, as a lost connection.
/// </summary>
internal sealed class WorldNetwork(World world)
{
    private readonly Dictionary<(string From, string To), Lane> _lanes = [];

    /// <summary>A frame from one process to another; false: the sender knows that there is no connection.</summary>
    /// <param name="mayDouble">
    /// The transport numbers its frames, so none comes twice on a connection. What may have copies of other origin, a client's or an earlier attempt's, is
    /// doubled here in their stead.
    /// </param>
    public bool TrySend(WorldNode from, WorldNode to, Action deliver, bool inOrder = false, bool mayDouble = true)
    {
        if (!IsConnected(from, to))
        {
            return false;
        }

        var lane = Of(from.Name, to.Name);
        var noise = world.Noise;
        var (isLost, isReset, isDoubled) =
            (lane.Random.Chance(noise.LostFrame), lane.Random.Chance(noise.ResetConnection), lane.Random.Chance(noise.DoubledFrame));
        var (first, second) = (Delay(lane, noise), Delay(lane, noise));
        if (isReset)
        {
            Reset(from, to);
            return true;
        }

        if (isLost || lane.IsCut)
        {
            return true;
        }

        Deliver(lane, to, deliver, first, inOrder);
        if (isDoubled && mayDouble)
        {
            Deliver(lane, to, deliver, second, inOrder);
        }

        return true;
    }

    public bool IsConnected(WorldNode one, WorldNode other) =>
        one.IsRunning && other.IsRunning && !Of(one.Name, other.Name).IsKnownCut && !Of(other.Name, one.Name).IsKnownCut;

    /// <summary>From now on nothing gets from the one to the other; after a while both know.</summary>
    public void Cut(WorldNode from, WorldNode to, TimeSpan noticed)
    {
        var lane = Of(from.Name, to.Name);
        var cut = ++lane.Cuts;
        world.Agenda.After(noticed, () =>
        {
            if (lane.Cuts == cut && lane.IsCut && !lane.IsKnownCut)
            {
                lane.IsKnownCut = true;
                Disconnected(from, to);
            }
        });
        lane.IsCut = true;
    }

    public void Mend(WorldNode from, WorldNode to)
    {
        var lane = Of(from.Name, to.Name);
        var wasKnown = lane.IsKnownCut;
        lane.IsCut = lane.IsKnownCut = false;
        if (wasKnown && IsConnected(from, to))
        {
            from.OnConnected(to);
            to.OnConnected(from);
        }
    }

    /// <summary>A process has ended: its peers learn it from their connections.</summary>
    public void Ended(WorldNode node)
    {
        foreach (var other in world.Nodes)
        {
            if (other != node && other.IsRunning && !Of(node.Name, other.Name).IsKnownCut)
            {
                world.Agenda.After(Of(node.Name, other.Name).Random.Between(0.0001, 0.01), () => other.OnDisconnected(node));
            }
        }
    }

    /// <summary>A connection breaks with all that was on it, and is made anew.</summary>
    private void Reset(WorldNode from, WorldNode to)
    {
        world.Say($"the connection of {from.Name} and {to.Name} breaks");
        Of(from.Name, to.Name).Connection++;
        Of(to.Name, from.Name).Connection++;
        Disconnected(from, to);
        world.Agenda.After(TimeSpan.FromMilliseconds(5), () =>
        {
            if (IsConnected(from, to))
            {
                from.OnConnected(to);
                to.OnConnected(from);
            }
        });
    }

    private static void Disconnected(WorldNode from, WorldNode to)
    {
        from.OnDisconnected(to);
        to.OnDisconnected(from);
    }

    private void Deliver(Lane lane, WorldNode to, Action deliver, TimeSpan delay, bool inOrder)
    {
        if (inOrder)
        {
            lane.LastAt = lane.LastAt > world.Agenda.Now + delay ? lane.LastAt : world.Agenda.Now + delay;
            delay = lane.LastAt - world.Agenda.Now;
        }

        var (life, connection) = (to.Life, lane.Connection);
        world.Agenda.After(delay, () =>
        {
            if (!lane.IsCut && lane.Connection == connection)
            {
                to.Deliver(life, deliver);
            }
        });
    }

    private static TimeSpan Delay(Lane lane, Noise noise)
    {
        var (isSlow, quick, slow) = (lane.Random.Chance(noise.SlowFrame), lane.Random.Between(0.0001, 0.002), lane.Random.Between(0.01, 1));
        return isSlow ? slow : quick;
    }

    private Lane Of(string from, string to)
    {
        if (!_lanes.TryGetValue((from, to), out var lane))
        {
            _lanes.Add((from, to), lane = new Lane(world.Config.Streams.Of($"network/{from}/{to}")));
        }

        return lane;
    }

    /// <summary>One direction.</summary>
    private sealed class Lane(Random random)
    {
        public Random Random { get; } = random;

        public bool IsCut { get; set; }

        public bool IsKnownCut { get; set; }

        public int Cuts { get; set; }

        public int Connection { get; set; }

        public TimeSpan LastAt { get; set; }
    }
}
