using AkkaScale.Management.Figures;
using AkkaScale.Node.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaScale.Tests.Unit.Node;

public sealed class ConnectionRoomTests
{
    private const int Bound = 4;

    private readonly ConnectionRoom _room = new("gateway", Bound, TimeProvider.System, NullLogger.Instance);
    private readonly List<Guest> _guests = [];

    [Fact]
    public void Beyond_the_bound_the_oldest_makes_room()
    {
        Come(Bound + 2);

        Assert.Equal([true, true, false, false, false, false], _guests.Select(guest => guest.IsAborted));
        Assert.Equal(Bound, _room.Count);
    }

    [Fact]
    public async Task Who_had_a_request_lately_stays_and_the_idle_go()
    {
        Come(Bound);
        await _guests[0].RequestAsync();
        Come(Bound - 1);

        Assert.Equal([false, true, true, true, false, false, false], _guests.Select(guest => guest.IsAborted));
    }

    [Fact]
    public async Task A_use_counts_once_then_the_longest_without_goes()
    {
        Come(Bound);
        foreach (var guest in _guests)
        {
            await guest.RequestAsync();
        }

        Come(1);
        Assert.Equal([true, false, false, false, false], _guests.Select(guest => guest.IsAborted));
    }

    [Fact]
    public async Task Who_has_a_request_under_way_is_not_replaced_and_the_newcomer_is_refused()
    {
        Come(Bound);
        var under = new TaskCompletionSource();
        var requests = _guests.ConvertAll(guest => guest.RequestAsync(under.Task));

        Come(1);
        Assert.Equal([false, false, false, false, true], _guests.Select(guest => guest.IsAborted));
        Assert.False(_guests[^1].WasServed);

        under.SetResult();
        await Task.WhenAll(requests);
        Come(1);
        Assert.False(_guests[^1].IsAborted);
    }

    [Fact]
    public async Task Who_leaves_makes_room()
    {
        Come(Bound);
        await _guests[2].LeaveAsync();
        Come(1);

        Assert.DoesNotContain(_guests, guest => guest.IsAborted);
        Assert.Equal(Bound, _room.Count);
    }

    [Fact]
    public void An_idle_flood_never_takes_the_place_of_one_that_works()
    {
        Come(1);
        for (var newcomer = 0; newcomer < 1_000; newcomer++)
        {
            _ = _guests[0].RequestAsync();
            Come(1);
        }

        Assert.False(_guests[0].IsAborted);
        Assert.Equal(Bound, _guests.Count(guest => !guest.IsAborted));
    }

    [Theory]
    [InlineData("Max open files            1024                 524288               files     \n", 524_288)]
    [InlineData("Limit Soft Hard Units\nMax open files 20000 20000 files", 20_000)]
    [InlineData("Max open files            unlimited            unlimited            files     \n", null)]
    [InlineData("", null)]
    public void The_limit_of_open_files_is_read(string limits, int? files) => Assert.Equal(files, OpenFiles.Parse(limits));

    [Theory]
    [InlineData(10_000, 1_280, null, 10_000)]
    [InlineData(10_000, 1_280, 1_048_576, 10_000)]
    [InlineData(10_000, 1_280, 4_096, 2_304)]
    [InlineData(10_000, 1_280, 1_024, 16)]
    public void The_gateway_takes_no_more_than_the_system_leaves(int wanted, int others, int? limit, int fit) =>
        Assert.Equal(fit, OpenFiles.Fit(wanted, others, limit));

    private void Come(int guests)
    {
        for (; guests > 0; guests--)
        {
            _guests.Add(new Guest(_room));
        }
    }

    /// <summary>A connection that stays until it is aborted or leaves.</summary>
    private sealed class Guest : DefaultConnectionContext
    {
        private readonly TaskCompletionSource _leaves = new();
        private readonly Task _served;

        public Guest(ConnectionRoom room) => _served = room.Guard(_ =>
        {
            WasServed = true;
            return _leaves.Task;
        })(this);

        public bool IsAborted { get; private set; }

        public bool WasServed { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;

        public Task RequestAsync(Task? work = null) =>
            ConnectionRoom.Notice(new DefaultHttpContext(new FeatureCollection(Features)), _ => work ?? Task.CompletedTask);

        public Task LeaveAsync()
        {
            _leaves.SetResult();
            return _served;
        }
    }
}
