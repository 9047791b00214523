#!/usr/bin/env python3
"""Writes src/table/raw/trade_lexicon.tsv, the words of the trade in leaked customer data.

usage: build_trade_lexicon.py DATA_TRADE_LEXICON.tsv OUT.tsv

DATA_TRADE_LEXICON.tsv: term, meaning, weight, source, group (words collected from court reports, news and public code).
MORE adds words in the same groups; SOUNDS spells words of the trade the way sellers write them to avoid word filters.
Weights are not taken over: they are learnt by examples/train_listing.rs.
"""
import itertools
import re
import sys
import unicodedata

# group of the source table -> group of the lexicon
GROUPS = {
    "object": "object", "fields": "carry", "price": "price", "freshness": "fresh", "source": "source",
    "service": "service", "hack": "hack", "use": "use", "proof": "proof", "contact": "contact",
    "adjacent": "brush", "category": "people", "benign": "benign",
}

# Words whose group differs from the source table's, because alone they say something weaker.
MOVE = {
    "面单": "slip", "快递单号": "slip", "快递面单": "slip", "快递单": "slip", "单号": "slip", "底单": "slip",
    "回单": "slip", "存根": "slip", "签收联": "slip", "资源": "noun", "名单": "noun", "资料": "noun", "数据": "noun",
    "信息": "noun", "打包": "", "条": "", "shell": "", "同行": "", "内部": "source", "权重": "", "714": "", "dpi": "hack",
    "sdk": "", "飞机": "contact", "土豆": "", "威信": "contact", "历史": "", "定位": "", "户籍": "", "床": "", "老板": "",
    "保健品": "", "药品": "", "收藏品": "", "u": "", "样品": "", "打包": "", "整库": "price",
}

MORE = {
    "slip": "面单 快递单 单号 快递单号 运单 运单号 底单 回单 存根 签收联 快递件 快件 包裹 派件 寄件 收件 物流单 物流单号 物流 快递 发货单 出库单 订单 订单号 底联 到件 揽件 电商件 退件 签收",
    "people": "客户 买家 用户 顾客 收件人 收货人 网购 人群 客源 会员 宝妈 车主 业主 股民 家长 中老年 法人 患者 粉丝 购买者 下单人 消费者 女性 机主 持卡人 彩民 学员 考生 产妇 孕妇 新生儿 客群 购物者 网购者 老年人 店主 剁手党 买过 购买过 下过单 购物人 寄件人 签收人 成交客户 投诉人 储户 患者",
    "noun": "数据 资料 信息 名单 料 料子 资源 通讯录 花名册 明细 档案 联系方式 号码包 名册 清单 数据库 台账 通讯资料 电话本 号段 表格 名录 记录 信息包 资料包 数据包 一手料 线索 底表 原始表",
    "object": "客户数据 客户信息 客户名单 用户数据 用户信息 用户资料 买家信息 买家名单 买家电话 买家号码 收件信息 收件数据 收货信息 收件人资料 收货人资料 收件人名单 网购名单 网购人群 订单信息 订单资料 订单客户 面单资料 面单图 面单照片 快递信息 快递资料 快递名单 物流数据 物流信息资料 运单数据 运单信息 单号资料 单号信息 签收数据 签收信息 发货数据 发件信息 发件数据 寄件数据 电商数据 购物数据 购物信息 消费者信息 消费者资料 会员资料 会员数据 会员信息 人群数据 人群信息 电话数据 手机号数据 手机号资料 个人信息 公民信息 隐私信息 身份信息 号码资料 姓名电话 电话地址 名字电话 姓名地址 通讯资料 联系人数据 精准数据 精准资料 客源数据 下单数据 下单信息 成交数据 快递客户 派件信息 派件数据 件数据",
    "field": "姓名 名字 电话 手机 手机号 号码 地址 住址 收货地址 详细地址 家庭住址 身份证 品名 物品 街道 门牌 门牌号 商品名 电话号码 联系电话 手机号码 下单时间 收件地址 姓 址",
    "carry": "带姓名 带名字 带电话 带手机 带地址 带单号 带品名 含电话 含地址 含姓名 含名字 含手机 附电话 附地址 附姓名 附收件人 附收货人 可看电话 可看收件 可看客户 看到电话 看电话 看客户 完整电话 完整地址 完整姓名 完整信息 完整收件 电话地址 姓名电话 姓名手机 电话姓名 电话+地址 姓名+电话 姓名+手机 电话+姓名 姓名/手机 姓名/电话 姓名、电话 姓名、手机 姓名，电话 信息完整 信息齐全 资料齐全 字段齐全 要素齐全 三要素 四要素 全字段 出姓名 出电话 出地址 出手机 出收件人 出名字 出住址 显示电话 不打码 无打码 未打码 不脱敏 未脱敏 没脱敏 明文 电话全 号码全 全号 真实姓名 有电话 有地址 有姓名 到门牌 精确到",
    "price": "元一条 毛一条 块一条 角一条 分一条 毛五一条 元/条 块/条 毛/条 元每条 按条 每条 一条 条起 千条 万条 条数 元一个 块一个 毛一个 角一个 分一个 每个 一个 元一单 块一单 毛一单 一单 每单 元一份 单条 几毛 论条 论个 一手价 千起 万起 起拿 起批 起拍 起售 起卖 起步 起出 包月 包天 包年 月租 天租 日结 提成 分成 一手价 打包价 走量 量大 满1000 万份 w条 w份 万个 万组 k条 条以上",
    "fresh": "一手 当天 当日 实时 日更 每日更新 每天更新 天天更新 隔夜 周内 月内 新出 最新 昨日 昨天 今日 今天 三日内 三天内 7天内 近三天 近一周 近一年 近期 刚下单 刚签收 未使用 没用过 未用过 没打过 未打过 没人打过 首发 独家 不重复 已去重 去重 只卖一次 一手出 新鲜 热乎 凌晨 24小时内 48小时 本月 上月 年新 有时效 时效",
    "source": "网点 后台 后台导出 内部 内部渠道 内部人员 员工 内鬼 客服岗 操作员 分拣 转运中心 系统单 系统导 导系统 导出 导单 拉单 拉数据 提单 提取 巴枪 工号 账号 权限 仓管 仓库 接口 渠道 合作网点 站点 驿站 快递员 在职 离职 公司内部 官方后台 店铺后台 erp后台 解密 脱敏 破解 云仓 拍面单 拍照 拍单 拍底单 抄单",
    "service": "查 查询 查档 开盒 人肉 查手机号 机主 查地址 查快递 反查 查人 找人 查姓名 单号查 查单号 查收件 手机号查 查住址 定位 轨迹 个人档案 调档 秒查 秒出 分钟出 一次一结 给单号 给手机 给运单 报单号 报手机 凭单号 输入手机号 户籍信息 开房 查电话",
    "hack": "渗透 入侵 脱库 拖库 社工 社工库 撞库 拿站 提权 挂马 后台提取 整站 webshell getshell 注入 接口抓取 抓取 爬取 爬虫 采集 截流 截取 劫持 漏洞 拿下 可提取 可导出 指定商家 指定店铺 指定网站 同行店铺 竞品店铺 竞店 指定公司 运营商 dpi 短信劫持 木马",
    "use": "电销 短信群发 群发 加粉 引流 精准客户 精准粉 拓客 盲发 货到付款 二类电商 打电话 发短信 外呼 推广 营销 获客 回访 拨打 冒充客服 话术 精准 转化 成交 做单 开发客户 找客户 精准客源 地推 呼叫 出单",
    "proof": "验数 验货 测试 测试数据 样本 样板 试看 先看 看货 先验 有效率 接通率 空号率 实号 格式如下 格式见图 格式 真实 真实有效 保真 包真 假一赔 假一罚 抽查 抽测 验证 免费测 先测 保证 质量保证 打得通 能打通 包通",
    "contact": "加v 加薇 加微 微信 薇信 威信 vx wx +v 扣扣 qq 企鹅 q群 飞机 小飞机 纸飞机 电报 tg 蝙蝠 密聊 私聊 私信 私我 滴滴 滴滴我 懂的来 懂的加 懂的私 懂得来 诚心 非诚勿扰 拍前联系 老客户 联系掌柜 联系客服 详聊 详谈 详情咨询 咨询 留言 见图 看图 看主页 主页 头像 加我 联系我 有意 需要的来 需要的联系 有需要 长期合作 长期 合作 老板 老铁 靠谱 量大来 非诚 来电 联系方式见图",
    "delivery": "网盘 网盘发货 自动发货 秒发 excel xlsx xls txt csv 表格 文档 邮箱发 电子版 打包发 发文件 发表格 链接 补差价 补运费 拍下 数量填 填数量 拍这个 拍几 专拍 专用链接 不退不换 概不退换 虚拟商品 不退 付款后 款到 发货后",
    "wanted": "收 求购 高价收 长期收 大量收 有的来 有货的来 有料的来 有资源的 求 收购 诚收 现收 回收 有渠道的 求一手 找一手 有的联系 价格好说 价好说 寻 谁有",
    "brush": "刷销量 刷单 空包 空包网 单号网 真实单号 真单号 补单 礼品单 小礼品代发 单号供应 做销量 同城单号 底单号 刷信誉 实包",
    "benign": "热敏 热敏纸 打印纸 打印机 标签纸 标签机 碳带 不干胶 背胶袋 面单袋 封口 胶带 打单软件 打印软件 打单 软件 系统 erp 管理系统 源码 插件 保密章 乱码 涂抹 涂码 消除笔 碎纸机 消字 印章 快递盒 纸箱 瓦楞 包装袋 气泡 飞机盒 货架 快递柜 维修 配件 题库 教材 教程 课程 视频 讲义 释义 试题 书 二手书 正版 转让 招聘 急招 月薪 工资 五险 包吃 日薪 兼职 夜班 数据线 充电 充电器 纯棉 四件套床 床单 被套 滤芯 净水 一手货源 一手房源 货源 代发货 一件代发 反诈 隐私保护 防泄露 保护隐私 实名认证 流量卡 手机卡 套餐 靓号 企业名录 退货 退换 售后 保修 质保 包邮 现货 批发 厂家 厂家直销 定制 玩具 儿童 模板 空白 虚构 模拟 随机 教学 演示 示例 合规 法律 条例 标准 解读 优惠券 券 免费寄 上门取件 首重 折扣 出租 厂房 房源 租房 平米 装修 食品 零食 面条 面膜 手机壳 手机膜 贴膜 支架 衣服 女装 鞋 收藏 老物件 硬盘 u盘 内存卡 恢复 数据恢复 修复 备份 云盘会员 会员充值 影视 游戏 账号 皮肤 提货 自提 全新 九成新 八成新 晒单 好评 返现 截图 洗照片 冲印 照片 名片 印刷 海报 设计 挪车 扫码 门禁 监控 考研 考证 初级 中级 真题 网课 小说 地图 邮票 信封 文具 笔记本 档案盒 档案袋 收纳 文件柜 订书 计算器 扫描枪 扫码枪 pda 采集器 无线 蓝牙 称重 电子秤 仓储 驿站转让 加盟 招商 保险 体检 月嫂 家政 搬家 维护 清洗 钢笔 手工 尺码 码数 颜色 斤 公斤 克 件装 片装",
    "guard": "保护 防泄漏 防泄露 防窥 遮盖 遮挡 打码 脱敏 不显示 不泄露 隐藏 匿名 授权 本人 正规 合法 合规 自己的 不含 无需 勿 严禁 禁止 拒绝 举报 警惕 防骗 提醒 骗子 泄露 处罚 判刑 案例 曝光 普法 被抓 法院",
}

# Characters that sellers put for one of a word, by sound or look; the real words in NOT are left out.
SOUNDS = {
    "面单": ("面棉免缅麺勉眠m", "单旦蛋丹担胆耽d"), "快递": ("快筷块侩k", "递弟第帝缔d"), "数据": ("数树书竖恕s", "据椐剧具锯句j"),
    "资料": ("资姿咨滋z", "料廖撂l"), "姓名": ("姓性幸兴x", "名茗铭明m"), "电话": ("电垫典d", "话桦画华h"),
    "手机": ("手守首收s", "机鸡几基j"), "地址": ("地弟的d", "址趾阯止纸z"), "住址": ("住注", "址趾阯止纸"), "客户": ("客刻克k", "户沪护h"),
    "信息": ("信芯新x", "息吸西x"), "单号": ("单旦丹d", "号浩耗h"), "名单": ("名茗铭", "单旦丹"), "买家": ("买埋迈m", "家佳加j"),
    "订单": ("订定钉", "单旦丹d"), "运单": ("运韵", "单旦丹"), "号码": ("号浩h", "码马玛m"), "微信": ("微薇威徽v", "信芯新❤x"), "名字": ("名茗", "字子z"),
    "收件": ("收守", "件贱建"), "一手": ("一壹1", "手首"), "一条": ("一壹1", "条條"),
}
NOT = set("免单 收机 手基 首机 书记 书具 书剧 数具 书据 性命 幸名 新信 书句 数句 的止 地止 明单 兴名 电画 收集 新息 的纸 的址 地纸 手几 守机 加家 华电 几手 定单 首几 收几 d单 m单 z料 k户 s机 d话 书j 树j".split()) - {"电画"}
# Initials are words only between characters that are no Latin letters; the automaton's user checks that.
LATIN = {
    "面单": "md mian单 面dan miandan", "快递": "kd kuaidi kuai递 快di", "数据": "sj shuju shu据 数ju", "资料": "zl ziliao zi料 资liao",
    "姓名": "xm xingming", "电话": "dh dianhua 电hua", "地址": "dz dizhi", "手机": "shouji", "客户": "kh kehu", "信息": "xinxi xx信息",
    "单号": "danhao dh号", "买家": "maijia",
}


def fold(term):
    term = unicodedata.normalize("NFKC", term).lower()
    return re.sub(r"\s+", "", term) if re.search(r"[\u4e00-\u9fff]", term) else term


def main():
    source, out = sys.argv[1:]
    rows = {}

    def put(term, group, canon=""):
        term = fold(re.sub(r"\(.*?\)", "", term)).replace("\u5f8c", "\u540e")
        if term and group and (len(term) > 1 or group in ("field", "wanted", "noun", "service", "contact") and term != "u"):
            rows.setdefault((term, group), canon)

    for group, words in MORE.items():
        for word in words.split():
            put(word, group)
    with open(source, encoding="utf-8") as f:
        next(f)
        for line in f:
            term, _, _, _, group = line.rstrip("\n").split("\t")
            put(term, MOVE.get(fold(term), GROUPS.get(group, "")))
    group_of = {}
    for term, group in rows:
        group_of.setdefault(term, group)
    for word, (first, second) in SOUNDS.items():
        for a, b in itertools.product(first, second):
            if a + b != word and a + b not in NOT and (a + b, group_of.get(word)) not in rows:
                put(a + b, group_of.get(word, "noun"), word)
    for word, spellings in LATIN.items():
        for spelling in spellings.split():
            put(spelling, group_of.get(word, "noun"), word)
    with open(out, "w", encoding="utf-8") as f:
        f.write("# Words of the trade in leaked customer data. Columns: term (folded), group, word it is a disguise of (or nothing).\n")
        f.write("# Written by tools/build_trade_lexicon.py.\n")
        for (term, group), canon in sorted(rows.items()):
            f.write(f"{term}\t{group}\t{canon}\n")


if __name__ == "__main__":
    main()
