using Akka.Actor;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Messages;
using Microsoft.Extensions.Time.Testing;

namespace AkkaScale.Tests.Unit.EntitySharding;

public sealed class ResidentBookTests
{
    private readonly ResidentBook _book = new(bound: 3, TimeProvider.System);

    [Fact]
    public void Above_the_bound_the_least_recently_used_is_told_to_leave()
    {
        var (a, b, c) = (Enter("a"), Enter("b"), Enter("c"));
        _book.Touch(a.Place);
        Enter("d");
        Assert.Equal([0, 1, 0], new[] { a, b, c }.Select(each => each.Told));
        _book.Leave(b.Place);
        Assert.Equal(3, _book.Count);
        Enter("e");
        Assert.Equal([0, 1, 1], new[] { a, b, c }.Select(each => each.Told));
    }

    [Fact]
    public void Who_was_told_and_has_not_left_yet_does_not_cost_another_its_place()
    {
        var (a, b) = (Enter("a"), Enter("b"));
        Enter("c");
        Enter("d");
        Assert.Equal((1, 0), (a.Told, b.Told));
        Enter("e");
        Assert.Equal((1, 1), (a.Told, b.Told));
    }

    [Fact]
    public void Who_cannot_leave_is_told_again_later()
    {
        var a = Enter("a");
        Enter("b");
        Enter("c");
        Enter("d");
        _book.Touch(a.Place);
        Enter("e");
        Enter("f");
        Enter("g");
        Assert.Equal(2, a.Told);
    }

    [Fact]
    public void A_new_incarnation_takes_the_place_and_the_old_one_does_not_take_it_away()
    {
        var old = Enter("a");
        var young = Enter("a");
        _book.Leave(old.Place);
        _book.Touch(old.Place);
        Assert.Equal(1, _book.Count);
        Assert.Same(young, _book.Find(new EntityKey("task", "a")));
        _book.Leave(young.Place);
        Assert.Equal((0, 0), (_book.Count, _book.Counts.Count));
        Assert.Null(_book.Find(new EntityKey("task", "a")));
    }

    [Fact]
    public void They_are_counted_by_kind()
    {
        Enter("a");
        Enter("b");
        Enter("a", "user");
        Assert.Equal([("task", 2), ("user", 1)], _book.Counts.Select(each => (each.Key, each.Value)).Order());
    }

    [Fact]
    public void Whatever_is_done_at_once_the_book_keeps_to_its_bound_and_forgets_who_left()
    {
        var book = new ResidentBook(bound: 100, TimeProvider.System);
        Parallel.For(0, 4, worker =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 20_000; i++)
            {
                var actor = new Guest();
                actor.Place = book.Enter(new EntityKey("task", $"{worker}-{random.Next(500)}"), actor);
                book.Touch(actor.Place);
                if (random.Next(3) > 0)
                {
                    book.Leave(actor.Place);
                }
            }
        });
        Assert.InRange(book.Count, 1, 2_000);
        for (var i = 0; i < 2_000; i++)
        {
            var id = $"{i / 500}-{i % 500}";
            var place = book.Enter(new EntityKey("task", id), new Guest());
            book.Leave(place);
        }

        Assert.Equal((0, 0), (book.Count, book.Counts.Count));
    }

    [Fact]
    public void The_busiest_are_those_that_were_used_most_lately()
    {
        var time = new FakeTimeProvider();
        var book = new ResidentBook(bound: 100, time);
        ResidentBook.Resident Come(string id, string kind = "task") => book.Enter(new EntityKey(kind, id), new Guest());
        void Use(ResidentBook.Resident one, int times) => Enumerable.Range(0, times).ToList().ForEach(_ => book.Use(one));
        string Busiest(string? kind = null, int limit = 10) =>
            string.Join(' ', book.Busiest(kind, limit, time.GetTimestamp()).Select(busy => $"{busy.Entity}={busy.Messages}"));

        var (first, second, user, _) = (Come("a"), Come("b"), Come("u", "user"), Come("idle"));
        Use(first, 3);
        Use(second, 5);
        Use(user, 4);
        Assert.Equal("task/b=5 user/u=4 task/a=3", Busiest());
        Assert.Equal("task/b=5", Busiest("task", 1));

        // The period before still counts, what was before that does not.
        time.Advance(TimeSpan.FromSeconds(10));
        Use(first, 4);
        Assert.Equal("task/a=7 task/b=5 user/u=4", Busiest());
        Assert.InRange(book.WindowOf(time.GetTimestamp()), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("task/a=4", Busiest());
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("", Busiest());
        Use(first, 1);
        Assert.Equal("task/a=1", Busiest());
        book.Leave(first);
        Assert.Equal("", Busiest());
    }

    private Guest Enter(string id, string kind = "task")
    {
        var actor = new Guest();
        actor.Place = _book.Enter(new EntityKey(kind, id), actor);
        return actor;
    }

    /// <summary>Counts how often it is told to leave.</summary>
    private sealed class Guest : MinimalActorRef
    {
        private int _told;

        public int Told => _told;

        public ResidentBook.Resident Place { get; set; } = null!;

        public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / "told";

        public override IActorRefProvider Provider => throw new NotSupportedException();

        protected override void TellInternal(object message, IActorRef sender)
        {
            Assert.IsType<PassivateEntity>(message);
            Interlocked.Increment(ref _told);
        }
    }
}
